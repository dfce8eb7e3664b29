// SPDX-License-Identifier: Apache-2.0
import { toTimestamp } from "@flux-ts/kube-core";
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from "../objects.ts";
import { compact } from "../objects.ts";
import { availableReplicas, limitsOf, replicasOf, wantedReplicas } from "./rolling-update.ts";

type NewCondition = Pick<DeploymentCondition, "type" | "status" | "reason" | "message">;

/** Replaces a condition, or leaves it when status and reason are the same; a new one stands last. @see deploymentutil.SetDeploymentCondition */
export function setCondition(
  conditions: readonly DeploymentCondition[],
  condition: NewCondition,
  now: number,
  refresh = false,
): readonly DeploymentCondition[] {
  const current = conditions.find((one) => one.type === condition.type);
  if (!refresh && current?.status === condition.status && current.reason === condition.reason) return conditions;
  const time = toTimestamp(now);
  return [
    ...conditions.filter((one) => one.type !== condition.type),
    {
      type: condition.type,
      status: condition.status,
      lastUpdateTime: time,
      lastTransitionTime: current?.status === condition.status ? current.lastTransitionTime : time,
      reason: condition.reason,
      message: condition.message,
    },
  ];
}

/** The counts and the Available condition. @see deployment calculateStatus */
export function countStatus(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  conditions: readonly DeploymentCondition[],
  now: number,
): DeploymentStatus {
  const sum = (pick: (set: ReplicaSet) => number | undefined): number => all.reduce((total, set) => total + (pick(set) ?? 0), 0);
  const available = availableReplicas(all);
  const isAvailable = available >= replicasOf(deployment) - limitsOf(deployment).maxUnavailable;
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: orAbsent(sum((set) => set.status?.replicas)),
    updatedReplicas: orAbsent(newSet?.status?.replicas ?? 0),
    readyReplicas: orAbsent(sum((set) => set.status?.readyReplicas)),
    availableReplicas: orAbsent(available),
    unavailableReplicas: orAbsent(Math.max(0, wantedReplicas(all) - available)),
    terminatingReplicas: sum((set) => set.status?.terminatingReplicas),
    collisionCount: deployment.status?.collisionCount,
    conditions: setCondition(
      conditions,
      isAvailable
        ? { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability." }
        : {
            type: "Available",
            status: "False",
            reason: "MinimumReplicasUnavailable",
            message: "Deployment does not have minimum availability.",
          },
      now,
    ),
  } as DeploymentStatus;
  return compact(status);
}

/** Go leaves a zero out. */
function orAbsent(count: number): number | undefined {
  return count === 0 ? undefined : count;
}

/**
 * The Progressing condition: complete, progressing, or timed out.
 *
 * @returns the status, and milliseconds until the deadline when it is still running
 * @see deployment syncRolloutStatus
 */
export function judgeProgress(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  status: DeploymentStatus,
  now: number,
): { readonly status: DeploymentStatus; readonly deadlineInMs?: number } {
  const conditions = status.conditions ?? [];
  const current = conditions.find((condition) => condition.type === "Progressing");
  const subject = newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`;
  const wasComplete = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === "NewReplicaSetAvailable";
  if (!hasDeadline(deployment) || wasComplete) return { status };

  const with_ = (condition: NewCondition, refresh = false): DeploymentStatus => ({
    ...status,
    conditions: setCondition(conditions, condition, now, refresh),
  });
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return { status: with_({ type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", message }) };
  }
  if (hasProgressed(deployment, status)) {
    const message = `${subject} is progressing.`;
    return {
      status: with_({ type: "Progressing", status: "True", reason: "ReplicaSetUpdated", message }, true),
      deadlineInMs: deadlineMs(deployment),
    };
  }
  if (current === undefined || current.reason === "NewReplicaSetAvailable") return { status };
  const leftMs = Date.parse(current.lastUpdateTime) + deadlineMs(deployment) - now;
  if (current.status === "False" && current.reason === "ProgressDeadlineExceeded") return { status };
  if (leftMs > 0) return { status, deadlineInMs: leftMs };
  const message = `${subject} has timed out progressing.`;
  return { status: with_({ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message }) };
}

/** @see deploymentutil.DeploymentComplete */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = replicasOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** @see deploymentutil.DeploymentProgressing */
function hasProgressed(deployment: Deployment, status: DeploymentStatus): boolean {
  const before = deployment.status ?? {};
  const old = (one: DeploymentStatus): number => (one.replicas ?? 0) - (one.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(status) < old(before) ||
    (status.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** The largest 32-bit integer stands for "none". */
function hasDeadline(deployment: Deployment): boolean {
  const { progressDeadlineSeconds } = deployment.spec;
  return progressDeadlineSeconds !== undefined && progressDeadlineSeconds !== 2_147_483_647;
}

function deadlineMs(deployment: Deployment): number {
  return (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
}
