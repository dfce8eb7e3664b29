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
 * The Progressing condition (complete, progressing, or timed out) and the one of pods that cannot be made.
 *
 * @returns the status, and milliseconds until the deadline when it is still running
 * @see deployment syncRolloutStatus
 */
export function judgeProgress(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  counted: DeploymentStatus,
  now: number,
): { readonly status: DeploymentStatus; readonly deadlineInMs?: number } {
  const failure = [newSet, ...all].flatMap((set) => set?.status?.conditions ?? []).find((one) => one.type === "ReplicaFailure");
  const withFailure = (judged: DeploymentStatus): DeploymentStatus => {
    const before = judged.conditions ?? [];
    const conditions =
      failure === undefined
        ? before.filter((one) => one.type !== "ReplicaFailure")
        : setCondition(
            before,
            { type: "ReplicaFailure", status: failure.status, reason: failure.reason ?? "", message: failure.message ?? "" },
            now,
          );
    return { ...judged, conditions };
  };
  const current = counted.conditions?.find((condition) => condition.type === "Progressing");
  if (!hasDeadline(deployment)) {
    return { status: withFailure({ ...counted, conditions: (counted.conditions ?? []).filter((one) => one !== current) }) };
  }
  const wasComplete = (counted.replicas ?? 0) === (counted.updatedReplicas ?? 0) && current?.reason === "NewReplicaSetAvailable";
  if (wasComplete) return { status: withFailure(counted) };
  const subject = newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`;
  const tell = (condition: Omit<NewCondition, "type">, refresh = false): DeploymentStatus =>
    withFailure({ ...counted, conditions: setCondition(counted.conditions ?? [], { type: "Progressing", ...condition }, now, refresh) });
  if (isComplete(deployment, counted)) {
    return { status: tell({ status: "True", reason: "NewReplicaSetAvailable", message: `${subject} has successfully progressed.` }) };
  }
  if (hasProgressed(deployment, counted)) {
    const status = tell({ status: "True", reason: "ReplicaSetUpdated", message: `${subject} is progressing.` }, true);
    return { status, deadlineInMs: deadlineMs(deployment) };
  }
  const hasTimedOut = current?.reason === "ProgressDeadlineExceeded";
  if (current === undefined || hasTimedOut || current.reason === "NewReplicaSetAvailable") return { status: withFailure(counted) };
  const leftMs = Date.parse(current.lastUpdateTime) + deadlineMs(deployment) - now;
  if (leftMs > 0) return { status: withFailure(counted), deadlineInMs: leftMs };
  return { status: tell({ status: "False", reason: "ProgressDeadlineExceeded", message: `${subject} has timed out progressing.` }) };
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
export function hasDeadline(deployment: Deployment): boolean {
  const { progressDeadlineSeconds } = deployment.spec;
  return progressDeadlineSeconds !== undefined && progressDeadlineSeconds !== 2_147_483_647;
}

function deadlineMs(deployment: Deployment): number {
  return (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
}
