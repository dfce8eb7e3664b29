// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { textAt } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, inProgress } from "../result.ts";

/** Current when the claim is bound to a volume. */
export function persistentVolumeClaimStatus(claim: KubeObject): ComputedStatus {
  const phase = textAt(claim, ["status", "phase"], "unknown");
  return phase === "Bound" ? current("PVC is Bound") : inProgress("NotBound", `PVC is not Bound. phase: ${phase}`);
}
