// SPDX-License-Identifier: Apache-2.0
import { gunzipSync } from "node:zlib";
import type { HelmRelease } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isJsonObject, parseJson } from "@flux-ts/kube-core";
import type { ObjectId } from "@flux-ts/toolkit/apply";
import { idOf, readObjects } from "@flux-ts/toolkit/apply";
import { CommandError } from "../../command.ts";

/** What a release may be decoded. Helm's own limit is that of a Secret. */
const MAX_RELEASE_BYTES = 64 * 1024 * 1024;
const HELM = "helm.toolkit.fluxcd.io";

/**
 * The objects of a HelmRelease: those of the manifest that Helm stored for its newest release, and the definitions that carry its
 * labels. None when it has no release yet, or releases into another cluster.
 *
 * @throws {CommandError} when what is stored cannot be read
 * @see cmd/flux/tree_kustomization.go getHelmReleaseInventory
 */
export async function releaseObjects(client: Client, { namespace, name }: ObjectId, signal: AbortSignal): Promise<readonly ObjectId[]> {
  const release = await client.get<HelmRelease>({ apiVersion: `${HELM}/v2`, kind: "HelmRelease", namespace, name }, { signal });
  const latest = release.status?.history?.[0];
  const stored = release.status?.storageNamespace ?? "";
  if (release.spec.kubeConfig !== undefined || stored === "" || latest === undefined) return [];
  const secretName = `sh.helm.release.v1.${latest.name}.v${latest.version}`;
  const secret = await client.find({ apiVersion: "v1", kind: "Secret", namespace: stored, name: secretName }, { signal });
  if (secret === undefined) return [];
  const where = `the Helm storage object for HelmRelease '${namespace}/${name}'`;
  const objects = readObjects(manifestOf(secret, where));
  const ids = await Promise.all(objects.map((object) => placed(client, object, latest.namespace)));
  return [...ids, ...(await definitionsOf(client, release, ids, signal))];
}

function manifestOf({ data }: KubeObject, where: string): string {
  const encoded = isJsonObject(data) ? data["release"] : undefined;
  if (typeof encoded !== "string") throw new CommandError(`failed to decode ${where}`);
  try {
    const bytes = Buffer.from(Buffer.from(encoded, "base64").toString("latin1"), "base64");
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
    const release = parseJson(isPacked ? gunzipSync(bytes, { maxOutputLength: MAX_RELEASE_BYTES }) : bytes);
    const manifest = isJsonObject(release) ? release["manifest"] : undefined;
    return typeof manifest === "string" ? manifest : "";
  } catch (error) {
    throw new CommandError(`failed to decode ${where}: ${(error as Error).message}`, { cause: error });
  }
}

/** An object without a namespace is put into that of the release, if it is to be in one. */
async function placed(client: Client, object: KubeObject, namespace: string): Promise<ObjectId> {
  const id = idOf(object);
  if (id.namespace !== "") return id;
  const isNamespaced = await client.resourceFor(object).then(
    (resource) => resource.namespaced,
    () => false,
  );
  return isNamespaced ? { ...id, namespace } : id;
}

async function definitionsOf(
  client: Client,
  release: HelmRelease,
  known: readonly ObjectId[],
  signal: AbortSignal,
): Promise<readonly ObjectId[]> {
  const { install, upgrade } = release.spec;
  const writes = [install?.crds, upgrade?.crds].some((policy) => policy !== undefined && policy !== "Skip");
  if (!writes) return [];
  const { name = "", namespace = "" } = release.metadata;
  const labelSelector = `${HELM}/name=${name},${HELM}/namespace=${namespace}`;
  const kind = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
  const found = await client.list(kind, { labelSelector, metadataOnly: true, signal }).then(
    ({ items }) => items,
    () => [],
  );
  return found
    .map((each) => ({ group: "apiextensions.k8s.io", kind: kind.kind, namespace: "", name: each.metadata.name ?? "" }))
    .filter((id) => !known.some((each) => each.kind === id.kind && each.name === id.name));
}
