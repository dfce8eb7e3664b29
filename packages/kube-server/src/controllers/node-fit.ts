// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { LabelExpression, PodSpec } from "./objects.ts";
import { fulfilsAll } from "./objects.ts";

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface Node extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly LabelExpression[];
  readonly matchFields?: readonly LabelExpression[];
}

/** Why a pod may not be on a node. */
export type Misfit =
  | { readonly kind: "affinity" }
  | { readonly kind: "unschedulable" }
  /** `evicts`: one that runs there already must go, too. */
  | { readonly kind: "taint"; readonly taint: Taint; readonly evicts: boolean };

const UNSCHEDULABLE: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/**
 * Whether a pod may be put on a node: by name, labels, required affinity and taints. Not by room: simulated nodes have plenty.
 * @returns undefined when it may
 * @see kube-scheduler NodeName, NodeAffinity, TaintToleration, NodeUnschedulable
 */
export function misfitOf(spec: PodSpec, node: Node): Misfit | undefined {
  const { name = "", labels = {} } = node.metadata;
  if (spec.nodeName !== undefined && spec.nodeName !== name) return { kind: "affinity" };
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)) {
    return { kind: "affinity" };
  }
  const terms = requiredTerms(spec);
  if (terms !== undefined && !terms.some((term) => matchesTerm(term, name, labels))) return { kind: "affinity" };
  const tolerations = (spec["tolerations"] ?? []) as readonly Toleration[]; // the server has checked its shape
  if (node.spec?.unschedulable === true && !isTolerated(UNSCHEDULABLE, tolerations)) return { kind: "unschedulable" };
  const untolerated = (node.spec?.taints ?? []).filter(
    (taint) => (taint.effect === "NoSchedule" || taint.effect === "NoExecute") && !isTolerated(taint, tolerations),
  );
  const [taint] = untolerated;
  return taint === undefined ? undefined : { kind: "taint", taint, evicts: untolerated.some((one) => one.effect === "NoExecute") };
}

/** The terms of which one must hold, when there are any. */
export function requiredTerms(spec: PodSpec): readonly NodeSelectorTerm[] | undefined {
  const affinity = spec["affinity"] as Affinity | undefined; // the server has checked its shape
  return affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
}

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] };
  };
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, name: string, labels: Labels): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return fulfilsAll(matchExpressions, labels) && fulfilsAll(matchFields, { "metadata.name": name });
}

type Labels = Readonly<Record<string, string>>;

function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some(({ key = "", operator = "Equal", value = "", effect = "" }) => {
    if (effect !== "" && effect !== taint.effect) return false;
    if (key !== "" && key !== taint.key) return false;
    return operator === "Exists" || (key !== "" && value === (taint.value ?? ""));
  });
}
