// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { getKey, isJsonObject } from "@flux-ts/kube-core";

/** Whether a source has another artifact than before. */
export function artifactChanged(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  return digestIn(before) !== digestIn(after);
}

function digestIn(object: KubeObject | undefined): unknown {
  const artifact = isJsonObject(object?.status) ? getKey(object.status, "artifact") : undefined;
  return isJsonObject(artifact) ? `${String(artifact["revision"])} ${String(artifact["digest"])}` : undefined;
}
