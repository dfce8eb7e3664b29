// SPDX-License-Identifier: Apache-2.0
import type { Pod } from "./objects.ts";
import { controllerOf } from "./objects.ts";

/** What becomes of a pod once it is on a node. */
export type Outcome =
  | { readonly run: "ready" }
  | { readonly run: "never-ready" }
  | { readonly run: "complete" }
  | { readonly run: "fail"; readonly exitCode: number }
  | { readonly run: "image-pull-error" }
  | { readonly run: "crash-loop" };

/** Which pods behave how. The first that matches wins; a pod's own annotations win over all. */
export interface PodRule {
  readonly namespace?: string;
  /** All must be equal. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Part of the image of any container. */
  readonly imageContains?: string;
  /** Milliseconds from being bound to a node to being ready (or done, or failed). */
  readonly afterMs?: number;
  readonly outcome?: Outcome["run"];
  readonly exitCode?: number;
}

export interface PodPlan {
  readonly outcome: Outcome;
  readonly afterMs: number;
}

const OUTCOMES = ["ready", "never-ready", "complete", "fail", "image-pull-error", "crash-loop"] as const;
/** Annotations by which a pod says how it is to be simulated. */
export const OUTCOME_ANNOTATION = "simulation.flux-ts.dev/outcome";
export const AFTER_ANNOTATION = "simulation.flux-ts.dev/after-ms";

/**
 * How a pod is to be simulated: by its annotations, else the first rule that matches, else ready (a pod of a Job: complete)
 * after `defaultAfterMs`.
 */
export function planPod(pod: Pod, rules: readonly PodRule[], defaultAfterMs: number): PodPlan {
  const rule = rules.find((one) => matches(one, pod));
  const { annotations = {} } = pod.metadata;
  const told = OUTCOMES.find((outcome) => outcome === annotations[OUTCOME_ANNOTATION]);
  const run = told ?? rule?.outcome ?? (controllerOf(pod)?.kind === "Job" ? "complete" : "ready");
  const after = Number(annotations[AFTER_ANNOTATION] ?? rule?.afterMs ?? defaultAfterMs);
  const afterMs = Number.isFinite(after) && after >= 0 ? after : defaultAfterMs;
  return { outcome: run === "fail" ? { run, exitCode: rule?.exitCode ?? 1 } : { run }, afterMs };
}

function matches(rule: PodRule, pod: Pod): boolean {
  if (rule.namespace !== undefined && rule.namespace !== pod.metadata.namespace) return false;
  if (rule.labels !== undefined && !Object.entries(rule.labels).every(([key, value]) => pod.metadata.labels?.[key] === value)) return false;
  const { imageContains } = rule;
  return imageContains === undefined || (pod.spec.containers ?? []).some(({ image = "" }) => image.includes(imageContains));
}
