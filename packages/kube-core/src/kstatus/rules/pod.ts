// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { conditionsOf, fieldAt, findCondition, textAt, unreadable } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, failed, inProgress } from "../result.ts";

/** How long a pod may wait for a node before it counts as failed. */
const SCHEDULE_WINDOW_MS = 15_000;

/** Current when the pod is ready or over, failed when it cannot be scheduled or keeps crashing. */
export function podStatus(pod: KubeObject, now: number | undefined): ComputedStatus {
  const conditions = conditionsOf(pod);
  const phase = textAt(pod, ["status", "phase"], "");
  switch (phase) {
    case "Succeeded":
      return current("Pod has completed successfully");
    case "Failed":
      return current("Pod has completed, but not successfully");
    case "Running": {
      if (findCondition(conditions, "Ready", "True") !== undefined) return current("Pod is Ready");
      const crashing = crashLoopingContainers(pod);
      if (crashing.length > 0) return failed("ContainerCrashLooping", `Containers in CrashLoop state: ${crashing.join(",")}`);
      return inProgress("PodRunningNotReady", "Pod is running but is not Ready");
    }
    case "Pending": {
      const unscheduled = findCondition(conditions, "PodScheduled", "False");
      if (unscheduled?.reason !== "Unschedulable") return inProgress("PodPending", "Pod is in the Pending phase");
      if (isNew(pod, now)) return inProgress("PodNotScheduled", "Pod has not been scheduled");
      return failed("PodUnschedulable", "Pod could not be scheduled");
    }
    case "":
      return inProgress("PodNotObserved", "Pod phase not available");
    default:
      throw unreadable(`unknown phase ${phase}`);
  }
}

function isNew(pod: KubeObject, now: number | undefined): boolean {
  if (now === undefined) return true;
  const created = Date.parse(textAt(pod, ["metadata", "creationTimestamp"], ""));
  return now - SCHEDULE_WINDOW_MS < created;
}

function crashLoopingContainers(pod: KubeObject): string[] {
  const statuses = fieldAt(pod, "status", "containerStatuses");
  if (!Array.isArray(statuses)) return [];
  return statuses
    .filter((status) => fieldAt(status, "state", "waiting", "reason") === "CrashLoopBackOff")
    .map((status) => fieldAt(status, "name"))
    .filter((name) => typeof name === "string");
}
