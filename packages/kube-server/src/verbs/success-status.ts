// SPDX-License-Identifier: Apache-2.0
import type { KubeStatus } from "@flux-ts/kube-core";

/** The answer of an action that has no object to show. */
export function successStatus(code = 201): KubeStatus {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code };
}
