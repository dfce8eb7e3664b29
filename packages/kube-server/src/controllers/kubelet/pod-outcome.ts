// SPDX-License-Identifier: Apache-2.0
import type { Pod } from "../objects.ts";
import { controllerOf } from "../objects.ts";

/** What becomes of a pod once it is on a node. */
export type Outcome =
  | { readonly run: "ready" }
  /** Runs, and never becomes ready. */
  | { readonly run: "never-ready" }
  /** Nothing happens: it stays Pending. */
  | { readonly run: "pending" }
  | { readonly run: "complete" }
  | { readonly run: "fail"; readonly exitCode: number }
  | { readonly run: "image-pull-error" }
  | { readonly run: "crash-loop"; readonly exitCode: number };

const OUTCOMES = ["ready", "never-ready", "pending", "complete", "fail", "image-pull-error", "crash-loop"] as const;

/** Which pods behave how. The first that matches wins; a pod's own annotations win over all. */
export interface PodRule {
  readonly namespace?: string;
  /** All must be equal. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels that must be there, whatever their values. */
  readonly hasLabels?: readonly string[];
  /** Part of the image of any container. */
  readonly imageContains?: string;
  /** Milliseconds from being bound to a node to being ready (or done, or failed). */
  readonly afterMs?: number;
  /** Milliseconds from being deleted to being gone; default 0. */
  readonly stopsAfterMs?: number;
  readonly outcome?: Outcome["run"];
  /** Of `fail` and `crash-loop`; default 1. */
  readonly exitCode?: number;
}

export interface PodPlan {
  readonly outcome: Outcome;
  readonly afterMs: number;
  readonly stopsAfterMs: number;
}

/** Annotations by which a pod says how it is to be simulated. */
export const OUTCOME_ANNOTATION = "simulation.flux-ts.dev/outcome";
export const AFTER_ANNOTATION = "simulation.flux-ts.dev/after-ms";
export const STOPS_AFTER_ANNOTATION = "simulation.flux-ts.dev/stops-after-ms";
export const EXIT_CODE_ANNOTATION = "simulation.flux-ts.dev/exit-code";

/**
 * How a pod is to be simulated: by its annotations, else the first rule that matches, else ready (a pod of a Job: complete)
 * after `defaultAfterMs`.
 */
export function planPod(pod: Pod, rules: readonly PodRule[], defaultAfterMs: number): PodPlan {
  const rule = rules.find((one) => matches(one, pod));
  const { annotations = {} } = pod.metadata;
  const told = OUTCOMES.find((outcome) => outcome === annotations[OUTCOME_ANNOTATION]);
  const run = told ?? rule?.outcome ?? (controllerOf(pod)?.kind === "Job" ? "complete" : "ready");
  const exitCode = numberOf(annotations[EXIT_CODE_ANNOTATION], rule?.exitCode ?? 1);
  return {
    outcome: outcomeOf(run, exitCode, pod.spec.restartPolicy ?? "Always"),
    afterMs: numberOf(annotations[AFTER_ANNOTATION], rule?.afterMs ?? defaultAfterMs),
    stopsAfterMs: numberOf(annotations[STOPS_AFTER_ANNOTATION], rule?.stopsAfterMs ?? 0),
  };
}

/** Containers that end are started again where the pod's restart policy says so. */
function outcomeOf(run: Outcome["run"], exitCode: number, restartPolicy: string): Outcome {
  switch (run) {
    case "complete":
      return restartPolicy === "Always" ? { run: "crash-loop", exitCode: 0 } : { run };
    case "fail":
      return restartPolicy === "Never" ? { run, exitCode } : { run: "crash-loop", exitCode };
    case "crash-loop":
      return { run, exitCode };
    default:
      return { run };
  }
}

function numberOf(text: string | undefined, otherwise: number): number {
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) && number >= 0 ? number : otherwise;
}

function matches(rule: PodRule, pod: Pod): boolean {
  const { namespace, labels = {} } = pod.metadata;
  if (rule.namespace !== undefined && rule.namespace !== namespace) return false;
  if (!Object.entries(rule.labels ?? {}).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)) return false;
  if (!(rule.hasLabels ?? []).every((key) => Object.hasOwn(labels, key))) return false;
  const { imageContains } = rule;
  return imageContains === undefined || (pod.spec.containers ?? []).some(({ image = "" }) => image.includes(imageContains));
}
