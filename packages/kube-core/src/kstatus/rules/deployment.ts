// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { conditionsOf, findCondition, integerAt } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, failed, inProgress } from "../result.ts";

const NO_DEADLINE = 2 ** 31 - 1;

/** Current when every replica is updated and available, and the rollout is over. */
export function deploymentStatus(deployment: KubeObject): ComputedStatus {
  const conditions = conditionsOf(deployment);
  const exceeded = conditions.find(({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded");
  if (exceeded !== undefined) return { ...failed(exceeded.reason, exceeded.message), message: "Progress deadline exceeded" };
  const wanted = integerAt(deployment, ["spec", "replicas"], 1);
  const count = (field: string): number => integerAt(deployment, ["status", field], 0);
  const replicas = count("replicas");
  const updated = count("updatedReplicas");
  const available = count("availableReplicas");
  const ready = count("readyReplicas");
  if (wanted > replicas) return inProgress("LessReplicas", `Replicas: ${replicas}/${wanted}`);
  if (wanted > updated) return inProgress("LessUpdated", `Updated: ${updated}/${wanted}`);
  if (replicas > wanted) return inProgress("ExtraPods", `Pending termination: ${replicas - wanted}`);
  if (updated > available) return inProgress("LessAvailable", `Available: ${available}/${updated}`);
  if (wanted > ready) return inProgress("LessReady", `Ready: ${ready}/${wanted}`);
  const hasDeadline = integerAt(deployment, ["spec", "progressDeadlineSeconds"], NO_DEADLINE) !== NO_DEADLINE;
  const isRolledOut = conditions.some(
    ({ type, status, reason }) => type === "Progressing" && status === "True" && reason === "NewReplicaSetAvailable",
  );
  if (hasDeadline && !isRolledOut) return inProgress("ReplicaSetNotAvailable", "ReplicaSet not Available");
  if (findCondition(conditions, "Available", "True") === undefined) return inProgress("DeploymentNotAvailable", "Deployment not Available");
  return current(`Deployment is available. Replicas: ${replicas}`);
}
