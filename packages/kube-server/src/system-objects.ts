// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";
import type { Plane } from "./plane.ts";
import { newUid } from "./plane.ts";

const SYSTEM_NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"] as const;

/** Creates the namespaces that every cluster has, where they are missing. */
export function createSystemNamespaces(plane: Plane): void {
  for (const name of SYSTEM_NAMESPACES) {
    if (plane.store.get("namespaces", name)) continue;
    const object: KubeObject = {
      kind: "Namespace",
      apiVersion: "v1",
      metadata: {
        name,
        uid: newUid(plane.random),
        creationTimestamp: toTimestamp(plane.clock.now()),
        labels: { "kubernetes.io/metadata.name": name },
      },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    };
    plane.store.put("namespaces", name, object);
  }
}
