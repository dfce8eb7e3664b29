// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Answer, BuildFact, Facts, Query } from "./facts.ts";
import { queryKey } from "./facts.ts";
import type { Inspection } from "./finding.ts";
import { distinct, formatSubject, NOTHING } from "./finding.ts";
import { numberAt, textAt, timeAt } from "./read-object.ts";

/** What a look for an object gave. `unknown`: nobody looked, or it could not be read. */
export type Look = { readonly is: "there"; readonly object: KubeObject } | { readonly is: "absent" } | { readonly is: "unknown" };

/** A Kubernetes Event about an object. */
export interface EventFact {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly lastMs: number;
  readonly count: number;
}

/** Looks at one object. `path` holds the keys of the objects on the way to it, itself not included. */
export type Inspect = (ref: ObjectRef, walk: Walk, path: readonly string[]) => Inspection;

/** Deeper than this nobody asks. */
const MOST_STEPS = 40;
/** Of one object, so many findings are carried on: what many depend on is met on many ways. */
const MOST_FINDINGS = 30;

/** Looks things up in facts, and keeps in mind what was looked for and is not among them. */
export class Walk {
  readonly now: number;
  readonly #answers: ReadonlyMap<string, Answer>;
  readonly #wanted = new Map<string, Query>();
  readonly #problems = new Set<string>();
  readonly #inspections = new Map<string, Inspection>();
  readonly #inspect: Inspect;

  constructor(facts: Facts, inspect: Inspect) {
    this.now = facts.now;
    this.#answers = new Map(facts.answers.map((answer) => [queryKey(answer.query), answer]));
    this.#inspect = inspect;
  }

  /** Asked for and not known yet. */
  get wanted(): readonly Query[] {
    return [...this.#wanted.values()];
  }

  /** What could not be looked up. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }

  /** Looks at another object on the way: each once, and not one that is on the way already. */
  inspect(ref: ObjectRef, path: readonly string[]): Inspection {
    if (path.length >= MOST_STEPS || path.includes(keyOf(ref))) return NOTHING;
    const key = `${ref.apiVersion} ${keyOf(ref)}`;
    const known = this.#inspections.get(key);
    if (known !== undefined) return known;
    const { links, findings } = this.#inspect(ref, this, path);
    const inspection = { links, findings: distinct(findings).slice(0, MOST_FINDINGS) };
    this.#inspections.set(key, inspection);
    return inspection;
  }

  get(ref: ObjectRef): Look {
    const answer = this.#ask({ get: ref });
    if (answer === undefined) return { is: "unknown" };
    const [object] = answer.objects;
    return object === undefined ? { is: "absent" } : { is: "there", object };
  }

  /** Whether it is known not to be there. */
  isAbsent(ref: ObjectRef): boolean {
    return this.get(ref).is === "absent";
  }

  /** @returns undefined when nobody knows */
  list(
    kind: { readonly apiVersion: string; readonly kind: string },
    scope: { readonly namespace?: string; readonly labelSelector?: string } = {},
  ): readonly KubeObject[] | undefined {
    return this.#ask({ list: { apiVersion: kind.apiVersion, kind: kind.kind }, ...scope })?.objects;
  }

  /** Newest first. */
  eventsOf(ref: ObjectRef): readonly EventFact[] {
    const events = this.#ask({ eventsOf: ref })?.objects ?? [];
    return events.map(toEvent).toSorted((a, b) => b.lastMs - a.lastMs || (a.message < b.message ? -1 : 1));
  }

  /** The newest warning with one of these reasons; with none, of any. */
  warningOf(ref: ObjectRef, ...reasons: readonly string[]): EventFact | undefined {
    return this.eventsOf(ref).find(({ type, reason }) => type === "Warning" && (reasons.length === 0 || reasons.includes(reason)));
  }

  /** What is known of the files of a Kustomization. */
  buildOf(ref: ObjectRef): BuildFact | undefined {
    // Its spec says what to build.
    if (this.get(ref).is !== "there") return undefined;
    return this.#ask({ build: ref })?.build;
  }

  /** Tells of something that cannot be looked up. */
  note(problem: string): void {
    this.#problems.add(problem);
  }

  #ask(query: Query): Answer | undefined {
    const key = queryKey(query);
    const answer = this.#answers.get(key);
    if (answer === undefined) this.#wanted.set(key, query);
    else if (answer.problem !== undefined) this.#problems.add(`${describe(query)}: ${answer.problem}`);
    return answer?.problem === undefined ? answer : undefined;
  }
}

/** Names an object on a way. */
export function keyOf(ref: ObjectRef): string {
  return formatSubject(ref);
}

function describe(query: Query): string {
  if ("get" in query) return formatSubject(query.get);
  if ("eventsOf" in query) return `events of ${formatSubject(query.eventsOf)}`;
  if ("build" in query) return `files of ${formatSubject(query.build)}`;
  return `${query.list.kind}s${query.namespace === undefined ? "" : ` of ${query.namespace}`}`;
}

function toEvent(event: KubeObject): EventFact {
  const lastMs =
    timeAt(event, "series", "lastObservedTime") ??
    timeAt(event, "lastTimestamp") ??
    timeAt(event, "eventTime") ??
    timeAt(event, "firstTimestamp") ??
    timeAt(event, "metadata", "creationTimestamp") ??
    0;
  const count = numberAt(event, "series", "count") ?? numberAt(event, "count") ?? 1;
  return { type: textAt(event, "type"), reason: textAt(event, "reason"), message: textAt(event, "message"), lastMs, count };
}
