// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { ArtifactOwner } from "@flux-ts/toolkit/artifact";

/** Whose folder of the storage an object's artifacts lie in. */
export function artifactOwner({ kind, metadata }: KubeObject): ArtifactOwner {
  return { kind, namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}
