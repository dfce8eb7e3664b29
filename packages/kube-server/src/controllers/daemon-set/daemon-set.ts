// SPDX-License-Identifier: Apache-2.0
import type { HistoryOwner } from "../controller-revision.ts";
import type { LabelSelector, Pod, PodSpec, PodTemplate } from "../objects.ts";
import type { NodeSelectorTerm, Toleration } from "../node-fit.ts";
import { requiredTerms } from "../node-fit.ts";
import { scaledCount } from "../scaled-count.ts";

export interface DaemonSet extends HistoryOwner {
  readonly spec: {
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
    };
  };
  readonly status?: Readonly<Record<string, unknown>> & { readonly collisionCount?: number };
}

export const COMPONENT = "daemonset-controller";
export const REVISION_LABEL = "controller-revision-hash";
const GENERATION_LABEL = "pod-template-generation";
const GENERATION_ANNOTATION = "deprecated.daemonset.template.generation";

/** What daemon pods tolerate whatever their template says. */
const TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const NETWORK_UNAVAILABLE: Toleration = { key: "node.kubernetes.io/network-unavailable", operator: "Exists", effect: "NoSchedule" };

/** The template's spec with what every daemon pod tolerates. @see daemon util AddOrUpdateDaemonPodTolerations */
export function daemonSpec(set: DaemonSet): PodSpec {
  const spec = set.spec.template.spec ?? {};
  const own = (spec["tolerations"] ?? []) as readonly Toleration[]; // the server has checked its shape
  const added = spec["hostNetwork"] === true ? [...TOLERATIONS, NETWORK_UNAVAILABLE] : TOLERATIONS;
  const isSame = (a: Toleration, b: Toleration): boolean =>
    a.key === b.key && a.operator === b.operator && a.effect === b.effect && (a.value ?? "") === (b.value ?? "");
  return { ...spec, tolerations: [...own, ...added.filter((one) => !own.some((other) => isSame(one, other)))] };
}

/** Ties the pod to one node; the scheduler does the rest. */
export function tiedTo(spec: PodSpec, nodeName: string): PodSpec {
  const field = { key: "metadata.name", operator: "In", values: [nodeName] };
  const before = requiredTerms(spec) ?? [];
  const terms: readonly NodeSelectorTerm[] =
    before.length === 0 ? [{ matchFields: [field] }] : before.map((term) => ({ ...term, matchFields: [field] }));
  const affinity = (spec["affinity"] ?? {}) as { readonly nodeAffinity?: object };
  return {
    ...spec,
    affinity: {
      ...affinity,
      nodeAffinity: { ...affinity.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
    },
  };
}

/** The node that a daemon pod is on, or is meant for; undefined when it tells neither. */
export function targetNodeOf(pod: Pod): string | undefined {
  if (pod.spec.nodeName !== undefined) return pod.spec.nodeName;
  for (const { matchFields = [] } of requiredTerms(pod.spec) ?? []) {
    const field = matchFields.find((one) => one.key === "metadata.name" && one.operator === "In" && one.values?.length === 1);
    if (field !== undefined) return field.values?.[0];
  }
  return undefined;
}

/** What pods of this version are labelled with. */
export function versionLabels(set: DaemonSet, hash: string): Readonly<Record<string, string>> {
  const generation = set.metadata.annotations?.[GENERATION_ANNOTATION];
  return { ...(generation === undefined ? {} : { [GENERATION_LABEL]: generation }), [REVISION_LABEL]: hash };
}

export function isUpToDate(set: DaemonSet, pod: Pod, hash: string): boolean {
  const generation = set.metadata.annotations?.[GENERATION_ANNOTATION];
  const { labels = {} } = pod.metadata;
  return labels[REVISION_LABEL] === hash || (generation !== undefined && labels[GENERATION_LABEL] === generation);
}

export interface DaemonLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** For so many nodes; both round up, and one of them is at least 1. */
export function limitsFor(set: DaemonSet, nodes: number): DaemonLimits {
  const { type, rollingUpdate = {} } = set.spec.updateStrategy ?? {};
  if (type !== "RollingUpdate") return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = scaledCount(rollingUpdate.maxSurge ?? 0, nodes, "up");
  const maxUnavailable = scaledCount(rollingUpdate.maxUnavailable ?? 1, nodes, "up");
  return maxSurge === 0 && maxUnavailable === 0 ? { maxSurge, maxUnavailable: 1 } : { maxSurge, maxUnavailable };
}
