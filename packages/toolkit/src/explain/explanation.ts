// SPDX-License-Identifier: Apache-2.0
import type { Place } from "./facts.ts";

/** Where on the way from a commit to running pods something is. */
export type Stage = "source" | "artifact" | "build" | "dependencies" | "apply" | "health" | "pods" | "events";

/** Names an object to a reader. `namespace` is absent for what has none. */
export interface Subject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** One step of the way. */
export interface Link {
  readonly stage: Stage;
  /** `waiting`: nothing failed, and it is not done. */
  readonly state: "ok" | "failed" | "waiting";
  readonly object: Subject;
  /** One line. */
  readonly text: string;
}

/** What is to be mended. */
export interface Culprit {
  readonly stage: Stage;
  readonly object: Subject;
  /** A condition's reason, a container's, an event's, or one of ours: `NotFound`, `Suspended`, `DependencyCycle`, `NotReconciled` … */
  readonly reason: string;
  readonly message: string;
  /** The condition that tells it, where it is one. */
  readonly condition?: { readonly type: string; readonly status: string };
  /** Where it is written, as far as that is known. */
  readonly place?: Place;
  /** What to do about it, in a sentence. */
  readonly advice: string;
  /** The command to run next. */
  readonly next: string;
}

/** Why an object is as it is. Plain data: what `flux explain -o json` prints. */
export interface Explanation {
  readonly target: Subject;
  readonly state: "ok" | "failed" | "waiting";
  /** From the source to the culprit, or to the end when nothing is wrong. */
  readonly chain: readonly Link[];
  /** Undefined: nothing is wrong. */
  readonly culprit?: Culprit;
  /** What else is wrong, in the order in which it was met. */
  readonly also: readonly Culprit[];
  /** What could not be looked up, so that the explanation may be wrong. */
  readonly unknown: readonly string[];
}
