// SPDX-License-Identifier: Apache-2.0
import type { Pod } from "../objects.ts";
import { parseIndexes } from "./indexes.ts";
import type { Job, PodFailureRule } from "./job.ts";

/** What a Job's failure policy makes of a failed pod. */
export interface FailureVerdict {
  /** Why the whole Job fails by it. */
  readonly failJob?: string;
  /** Whether the pod counts against the backoff limit. */
  readonly counts: boolean;
  readonly failsIndex: boolean;
}

/** The first rule that matches decides; without one the pod counts. @see job matchPodFailurePolicy */
export function judgeFailure(job: Job, pod: Pod): FailureVerdict {
  for (const [index, rule] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const found = match(rule, pod);
    if (found === undefined) continue;
    switch (rule.action) {
      case "Ignore":
        return { counts: false, failsIndex: false };
      case "FailIndex":
        return { counts: true, failsIndex: true };
      case "FailJob":
        return { counts: true, failsIndex: false, failJob: `${found} matching FailJob rule at index ${index}` };
      default:
        return { counts: true, failsIndex: false };
    }
  }
  return { counts: true, failsIndex: false };
}

/** What of the pod the rule is about, in words; undefined when it does not match. */
function match(rule: PodFailureRule, pod: Pod): string | undefined {
  const { namespace, name } = pod.metadata;
  if (rule.onExitCodes === undefined) {
    const patterns = rule.onPodConditions ?? [];
    const condition = pod.status?.conditions?.find(({ type, status }) =>
      patterns.some((pattern) => pattern.type === type && (pattern.status ?? "True") === status),
    );
    return condition === undefined ? undefined : `Pod ${namespace}/${name} has condition ${condition.type}`;
  }
  const { containerName, operator, values = [] } = rule.onExitCodes;
  for (const container of containerStatuses(pod)) {
    const exitCode = container.state?.terminated?.exitCode;
    if (exitCode === undefined || exitCode === 0 || (containerName !== undefined && containerName !== container.name)) continue;
    if (values.includes(exitCode) === (operator === "In")) {
      return `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${exitCode}`;
    }
  }
  return undefined;
}

interface ContainerStatus {
  readonly name?: string;
  readonly restartCount?: number;
  readonly state?: { readonly terminated?: { readonly exitCode?: number; readonly finishedAt?: string } };
}

/** The states of its containers, then of its init containers. */
export function containerStatuses(pod: Pod): readonly ContainerStatus[] {
  const init = (pod.status?.["initContainerStatuses"] ?? []) as readonly ContainerStatus[]; // the server has checked its shape
  return [...((pod.status?.containerStatuses ?? []) as readonly ContainerStatus[]), ...init];
}

/** Which rule of the success policy is met, in words. @see job matchSuccessPolicy */
export function metSuccessRule(job: Job, succeeded: ReadonlySet<number>): string | undefined {
  if (succeeded.size === 0) return undefined;
  const index = (job.spec.successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && succeeded.size >= succeededCount;
    const wanted = [...parseIndexes(succeededIndexes, job.spec.completions ?? 0)];
    const met = wanted.filter((one) => succeeded.has(one)).length;
    return wanted.length > 0 && (met === wanted.length || (succeededCount !== undefined && met >= succeededCount));
  });
  return index < 0 ? undefined : `Matched rules at index ${index}`;
}
