// SPDX-License-Identifier: Apache-2.0
import type { GitRepository, Kustomization } from "@flux-ts/flux-api";
import { GitRepository as GitRepositoryKind, Kustomization as KustomizationKind } from "@flux-ts/flux-api";
import type { KubeObject, ObjectOf } from "@flux-ts/kube-core";
import { toApiVersion } from "@flux-ts/kube-core";
import type { Client, KindRef } from "@flux-ts/kube-client";
import type { Clock } from "@flux-ts/kube-core";
import type { Logger } from "@flux-ts/kube-runtime";
import { Informer } from "@flux-ts/kube-runtime";
import type { Fleet } from "./graph.ts";

const WORKLOADS: readonly KindRef[] = [
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "apps/v1", kind: "StatefulSet" },
  { apiVersion: "apps/v1", kind: "DaemonSet" },
  { apiVersion: "batch/v1", kind: "Job" },
];

export interface FleetWatch {
  /** As it is now. */
  read(): Fleet;
}

/** Follows sources, Kustomizations and workloads by watches; `changed` is called after every change. Ends with the signal. */
export function watchFleet(
  client: Client,
  ports: { readonly clock: Clock; readonly random: () => number; readonly log: Logger; readonly signal: AbortSignal },
  changed: () => void,
): FleetWatch {
  const follow = (kind: KindRef): (() => readonly KubeObject[]) => {
    const { signal, ...rest } = ports;
    const informer = new Informer({ ...rest, client, kind });
    informer.subscribe(changed);
    // It retries by itself and ends with the signal only.
    void informer.run(signal);
    return () => [...informer.values()];
  };
  const sources = follow({ apiVersion: toApiVersion(GitRepositoryKind.group, GitRepositoryKind.version), kind: GitRepositoryKind.kind });
  const kustomizations = follow({
    apiVersion: toApiVersion(KustomizationKind.group, KustomizationKind.version),
    kind: KustomizationKind.kind,
  });
  const workloads = WORKLOADS.map(follow);
  return {
    read: () => ({
      // The informers are of these very kinds.
      sources: sources() as readonly ObjectOf<typeof GitRepository>[],
      kustomizations: kustomizations() as readonly ObjectOf<typeof Kustomization>[],
      workloads: workloads.flatMap((list) => list()),
    }),
  };
}
