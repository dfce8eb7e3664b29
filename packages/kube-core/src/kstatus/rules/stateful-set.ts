// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { integerAt, textAt } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, inProgress } from "../result.ts";

const NO_PARTITION = -1;

/** Current when every replica is ready and of the newest revision, or of those that the partition lets be updated. */
export function statefulSetStatus(set: KubeObject): ComputedStatus {
  if (textAt(set, ["spec", "updateStrategy", "type"], "") === "OnDelete") {
    return current("StatefulSet is using the ondelete update strategy");
  }
  const wanted = integerAt(set, ["spec", "replicas"], 1);
  const count = (field: string): number => integerAt(set, ["status", field], 0);
  const replicas = count("replicas");
  const ready = count("readyReplicas");
  if (wanted > replicas) return inProgress("LessReplicas", `Replicas: ${replicas}/${wanted}`);
  if (wanted > ready) return inProgress("LessReady", `Ready: ${ready}/${wanted}`);
  if (replicas > wanted) return inProgress("ExtraPods", `Pending termination: ${replicas - wanted}`);
  const partition = integerAt(set, ["spec", "updateStrategy", "rollingUpdate", "partition"], NO_PARTITION);
  const updated = count("updatedReplicas");
  if (partition !== NO_PARTITION) {
    if (updated < wanted - partition) return inProgress("PartitionRollout", `updated: ${updated}/${wanted - partition}`);
    return current(`Partition rollout complete. updated: ${updated}`);
  }
  const ofRevision = count("currentReplicas");
  if (wanted > ofRevision) return inProgress("LessCurrent", `current: ${ofRevision}/${wanted}`);
  const revision = textAt(set, ["status", "currentRevision"], "");
  if (revision !== textAt(set, ["status", "updateRevision"], "")) {
    return inProgress("RevisionMismatch", "Waiting for updated revision to match current");
  }
  return current(`All replicas scheduled as expected. Replicas: ${replicas}`);
}
