// SPDX-License-Identifier: Apache-2.0
import { ApiError } from "@flux-ts/kube-core";
import { createPod, deletePod } from "../create-pod.ts";
import type { Container, Pod, PodTemplate } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS } from "../plane.ts";
import { expendableFirst } from "../pod-order.ts";
import type { Job } from "./job.ts";
import { INDEX_ANNOTATION, TRACKING_FINALIZER, indexOf, isIndexed, isTracked } from "./job.ts";
import { judgeFailure } from "./policies.ts";
import { COMPONENT } from "./tell-finished.ts";

const FAILURES = "batch.kubernetes.io/job-index-failure-count";
const IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";
const INDEX_VARIABLE = "JOB_COMPLETION_INDEX";
const MAX_GENERATED_LENGTH = 58;

/** Takes the finalizer off a pod; one that is gone is fine. */
export async function releasePod(plane: Plane, pod: Pod): Promise<void> {
  if (!isTracked(pod)) return;
  const { namespace, name = "" } = pod.metadata;
  // Only the finalizer: the pod may have changed meanwhile.
  const current = plane.get<Pod>(ENDPOINTS.pods, namespace, name);
  if (current === undefined || current.metadata.uid !== pod.metadata.uid) return;
  const finalizers = (current.metadata.finalizers ?? []).filter((one) => one !== TRACKING_FINALIZER);
  try {
    await plane.mergePatch(ENDPOINTS.pods, namespace, name, { metadata: { finalizers: finalizers.length === 0 ? null : finalizers } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
  }
}

/** Deletes pods that the Job has no use for; they count neither as failed nor as done. */
export async function removePods(plane: Plane, job: Job, pods: readonly Pod[]): Promise<void> {
  for (const pod of pods) {
    await releasePod(plane, pod);
    await deletePod(plane, COMPONENT, job, pod);
  }
}

/** Makes a pod, for an index when there is one. `replaced` is the failed pod of the index whose failures it carries on. */
export async function addPod(plane: Plane, job: Job, index?: number, replaced?: Pod): Promise<void> {
  const finalizers = [TRACKING_FINALIZER];
  if (index === undefined) {
    await createPod(plane, COMPONENT, job, job.spec.template, { finalizers });
    return;
  }
  const { name = "" } = job.metadata;
  const ending = `-${index}-`;
  await createPod(plane, COMPONENT, job, withIndexVariable(job.spec.template), {
    finalizers,
    generateName: `${name.slice(0, MAX_GENERATED_LENGTH - ending.length)}${ending}`,
    labels: { [INDEX_ANNOTATION]: String(index) },
    annotations: { [INDEX_ANNOTATION]: String(index), ...failureCounts(job, replaced) },
    spec: { hostname: `${name}-${index}` },
  });
}

function failureCounts(job: Job, replaced: Pod | undefined): Readonly<Record<string, string>> {
  if (job.spec.backoffLimitPerIndex === undefined) return {};
  const counts = replaced === undefined || judgeFailure(job, replaced).counts;
  const failures = replaced === undefined ? 0 : failuresOf(replaced) + (counts ? 1 : 0);
  const ignored = replaced === undefined ? 0 : ignoredFailuresOf(replaced) + (counts ? 0 : 1);
  return { [FAILURES]: String(failures), ...(ignored > 0 ? { [IGNORED_FAILURES]: String(ignored) } : {}) };
}

/** How often earlier pods of the index failed, those counted. */
export function failuresOf(pod: Pod): number {
  return count(pod.metadata.annotations?.[FAILURES]);
}

/** How often earlier pods of the index failed without counting. */
export function ignoredFailuresOf(pod: Pod): number {
  return count(pod.metadata.annotations?.[IGNORED_FAILURES]);
}

function count(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

function withIndexVariable(template: PodTemplate): PodTemplate {
  const variable = { name: INDEX_VARIABLE, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX_ANNOTATION}']` } } };
  const extend = (container: Container): Container => {
    const env = Array.isArray(container["env"]) ? (container["env"] as readonly { readonly name?: string }[]) : [];
    return env.some((one) => one.name === INDEX_VARIABLE) ? container : { ...container, env: [...env, variable] };
  };
  const { containers = [], initContainers } = template.spec ?? {};
  return {
    ...template,
    spec: {
      ...template.spec,
      containers: containers.map(extend),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(extend) }),
    },
  };
}

/** Which active pods go when at least so many must: those without a valid index, one of two with the same index, then the expendable. @see job activePodsForRemoval */
export function podsToRemove(job: Job, active: readonly Pod[], atLeast: number): readonly Pod[] {
  const ordered = active.toSorted(expendableFirst());
  if (!isIndexed(job)) return ordered.slice(0, atLeast);
  const last = new Map<number, Pod>();
  for (const pod of ordered) {
    const index = indexOf(pod, job);
    if (index !== undefined) last.set(index, pod);
  }
  const kept = new Set(last.values());
  const removed = ordered.filter((pod) => !kept.has(pod));
  const left = ordered.filter((pod) => kept.has(pod));
  return [...removed, ...left.slice(0, Math.max(0, atLeast - removed.length))];
}
