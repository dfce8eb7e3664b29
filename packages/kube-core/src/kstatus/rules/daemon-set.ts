// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { integerAt, requireInteger } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, inProgress } from "../result.ts";

const UNKNOWN = -1;

/** Current when the newest pod is available and ready on every node that should run one. */
export function daemonSetStatus(set: KubeObject): ComputedStatus {
  if (requireInteger(set, "metadata", "generation") === undefined) {
    return inProgress("NoGeneration", `${set.kind} metadata.generation not found`);
  }
  if (requireInteger(set, "status", "observedGeneration") === undefined) {
    return inProgress("NoObservedGeneration", `${set.kind} status.observedGeneration not found`);
  }
  const count = (field: string): number => integerAt(set, ["status", field], 0);
  const wanted = integerAt(set, ["status", "desiredNumberScheduled"], UNKNOWN);
  if (wanted === UNKNOWN) return inProgress("NoDesiredNumber", "Missing .status.desiredNumberScheduled");
  const scheduled = count("currentNumberScheduled");
  const updated = count("updatedNumberScheduled");
  const available = count("numberAvailable");
  const ready = count("numberReady");
  if (wanted > scheduled) return inProgress("LessCurrent", `Current: ${scheduled}/${wanted}`);
  if (wanted > updated) return inProgress("LessUpdated", `Updated: ${updated}/${wanted}`);
  if (wanted > available) return inProgress("LessAvailable", `Available: ${available}/${wanted}`);
  if (wanted > ready) return inProgress("LessReady", `Ready: ${ready}/${wanted}`);
  return current(`All replicas scheduled as expected. Replicas: ${wanted}`);
}
