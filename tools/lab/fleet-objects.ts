// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import { NAMESPACE } from "flux-ts";

const SOURCE = "source.toolkit.fluxcd.io/v1";
const APPLIER = "kustomize.toolkit.fluxcd.io/v1";

/**
 * Makes the two objects that a cluster needs to follow a repository: the source, and what is applied from it.
 * @returns asks for a reconcile of the source, as a webhook would
 */
export async function reconcileRepository(
  client: Client,
  from: { readonly url: string; readonly branch: string; readonly path: string },
): Promise<() => Promise<void>> {
  const source: KubeObject = {
    apiVersion: SOURCE,
    kind: "GitRepository",
    metadata: { name: "fleet", namespace: NAMESPACE },
    spec: { interval: "1m", url: from.url, ref: { branch: from.branch } },
  };
  const kustomization: KubeObject = {
    apiVersion: APPLIER,
    kind: "Kustomization",
    metadata: { name: "flux-system", namespace: NAMESPACE },
    spec: { interval: "10m", retryInterval: "1m", path: from.path, prune: true, sourceRef: { kind: "GitRepository", name: "fleet" } },
  };
  for (const object of [source, kustomization]) await client.apply(object, { fieldManager: "flux", force: true });
  const ref = { apiVersion: SOURCE, kind: "GitRepository", namespace: NAMESPACE, name: "fleet" };
  return async () => {
    const annotations = { "reconcile.fluxcd.io/requestedAt": new Date().toISOString() };
    await client.patch(ref, { metadata: { annotations } }, { type: "merge", fieldManager: "flux" });
  };
}
