// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { forbidden } from "../status-errors.ts";
import type { Admission } from "./admission.ts";
import { isMirror, podSpec, PODS } from "./pod.ts";

interface PriorityClass extends KubeObject {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

const RESOURCE = "priorityclasses.scheduling.k8s.io";

/**
 * Turns the name of a pod's priority class into numbers.
 * @throws {ApiError} 403 for a class that is not there, or a number that is not its own
 * @see kubernetes plugin/pkg/admission/priority
 */
export function setPriority({ plane, object: pod }: Admission): KubeObject {
  const spec = podSpec(pod);
  const { name = "" } = pod.metadata;
  if (isMirror(pod) && spec.priority !== undefined) return pod;
  const classes = plane.store.page(RESOURCE, "").objects as readonly PriorityClass[]; // by their resource
  const chosen = spec.priorityClassName
    ? classes.find((candidate) => candidate.metadata.name === spec.priorityClassName)
    : classes.filter(({ globalDefault }) => globalDefault).toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
  if (spec.priorityClassName && !chosen) throw forbidden(PODS, name, `no PriorityClass with name ${spec.priorityClassName} was found`);
  const priority = chosen?.value ?? 0;
  const preemptionPolicy = chosen?.preemptionPolicy ?? "PreemptLowerPriority";
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw forbidden(
      PODS,
      name,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
    );
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    throw forbidden(
      PODS,
      name,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
    );
  }
  return { ...pod, spec: { ...spec, ...(chosen ? { priorityClassName: chosen.metadata.name } : {}), priority, preemptionPolicy } };
}

/** Classes that the system needs. @throws {ApiError} 403 */
export function requireDeletableClass(name: string): void {
  if (!name.startsWith("system-")) return;
  throw forbidden({ group: "scheduling.k8s.io", name: "priorityclasses" }, name, "this is a system priority class and cannot be deleted");
}
