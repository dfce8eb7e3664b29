// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { conditionsOf, findCondition, integerAt } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, inProgress } from "../result.ts";

/** Current when every replica carries the labels and is available and ready. */
export function replicaSetStatus(set: KubeObject): ComputedStatus {
  if (findCondition(conditionsOf(set), "ReplicaFailure", "True") !== undefined) {
    return inProgress("ReplicaFailure", "Replica Failure condition. Check Pods");
  }
  const wanted = integerAt(set, ["spec", "replicas"], 1);
  const count = (field: string): number => integerAt(set, ["status", field], 0);
  const labelled = count("fullyLabeledReplicas");
  const available = count("availableReplicas");
  const ready = count("readyReplicas");
  const replicas = count("replicas");
  if (wanted > labelled) return inProgress("LessLabelled", `Labelled: ${labelled}/${wanted}`);
  if (wanted > available) return inProgress("LessAvailable", `Available: ${available}/${wanted}`);
  if (wanted > ready) return inProgress("LessReady", `Ready: ${ready}/${wanted}`);
  if (replicas > wanted) return inProgress("ExtraPods", `Pending termination: ${replicas - wanted}`);
  return current(`ReplicaSet is available. Replicas: ${replicas}`);
}
