// SPDX-License-Identifier: Apache-2.0
import type { Client, KindRef } from "@flux-ts/kube-client";
import type { Clock, KubeObject } from "@flux-ts/kube-core";
import { isNotFound, sleep } from "@flux-ts/kube-core";
import { ApplyError } from "./apply-error.ts";
import { messageOf } from "./dry-run-error.ts";
import type { ObjectId } from "./object-id.ts";
import { refOfId, subjectOf } from "./object-id.ts";
import { isWithoutStatus } from "./shapes/round-trip.ts";
import type { KindView, ViewKind } from "./watch-port.ts";

/** How an object stands. @see cli-utils kstatus */
export type Health = "Current" | "InProgress" | "Failed" | "Terminating" | "NotFound" | "Unknown";

/** Judges an object that is there. Throws when it cannot be told now: the object is waited for, with the message as its problem. */
export type Judge = (object: KubeObject) => Health;

export interface Awaited {
  readonly id: ObjectId;
  readonly version: string;
  /** The object as it was seen last: when it is healthy already, nothing is watched. */
  readonly seen?: KubeObject | undefined;
  /** Being gone is as good as being healthy: Jobs that delete themselves when they are done. */
  readonly mayVanish?: boolean;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  /** The first failure ends it. */
  readonly failFast: boolean;
  readonly judge: Judge;
  /** Whether a kind is judged by more than its metadata; otherwise those without a status are taken not to be. */
  readonly readsWhole?: (kind: KindRef) => boolean;
  readonly clock: Clock;
  readonly view: ViewKind;
  readonly signal?: AbortSignal;
  /** How often an object is read that may not be watched. Default 5 s. */
  readonly pollMs?: number;
}

/**
 * Waits until every object is healthy, by watching: no object is asked for as long as its kind may be watched.
 *
 * @throws {ApplyError} UNHEALTHY `failed early due to stalled resources: […]`, TIMEOUT `timeout waiting for: […]`;
 *   the signal's reason when it aborts
 * @see fluxcd/pkg ssa/manager_wait.go WaitForSetWithContext; spec G-HLT-2, G-HLT-4
 */
export async function waitHealthy(cluster: Client, objects: readonly Awaited[], options: WaitOptions): Promise<void> {
  const states = objects.map((object) => new State(object, options.judge));
  if (states.every(({ health }) => health === "Current")) return;
  options.signal?.throwIfAborted();
  await requireNamespaces(cluster, states);
  await new Promise<void>((resolve, reject) => {
    const ends: (() => void)[] = [];
    const finish = (settle: () => void): void => {
      for (const end of ends.splice(0)) end();
      settle();
    };
    const judgeAll = (): void => {
      const verdict = conclude(states, options.failFast);
      if (verdict !== "wait") finish(verdict === "healthy" ? resolve : () => reject(unhealthy(states)));
    };
    ends.push(options.clock.after(options.timeoutMs, () => finish(() => reject(timedOut(states)))));
    const abort = (): void => finish(() => reject(options.signal?.reason as Error));
    options.signal?.addEventListener("abort", abort, { once: true });
    ends.push(() => options.signal?.removeEventListener("abort", abort));
    for (const group of groupByKind(states)) ends.push(follow(cluster, group, options, judgeAll));
  });
}

/** One object that is waited for. */
class State {
  readonly object: Awaited;
  readonly #judge: Judge;
  #isInView = false;
  health: Health = "Unknown";
  problem: string | undefined;

  constructor(object: Awaited, judge: Judge) {
    this.object = object;
    this.#judge = judge;
    if (object.seen !== undefined) this.see(object.seen);
  }

  see(live: KubeObject | undefined): void {
    this.problem = undefined;
    if (live === undefined) {
      this.health = "NotFound";
      return;
    }
    try {
      this.health = this.#judge(live);
    } catch (error) {
      this.health = "Unknown";
      this.problem = messageOf(error);
    }
  }

  /**
   * Takes what a view shows, which may lag behind what was just written.
   * @returns whether the object has to be read to know: it was there, and the view does not show it
   */
  seeInView(live: KubeObject | undefined): boolean {
    const seen = this.object.seen?.metadata.resourceVersion;
    if (live === undefined) {
      if (seen !== undefined && !this.#isInView) return true;
    } else {
      if (seen !== undefined && isOlder(live.metadata.resourceVersion, seen)) return false;
      this.#isInView = true;
    }
    this.see(live);
    return false;
  }

  /** The object was read and is gone, whatever the view will show. */
  confirmGone(): void {
    this.#isInView = true;
    this.see(undefined);
  }

  /** What counts for the whole: a Job that went as it said it would is done. */
  get counted(): Health {
    return this.health === "NotFound" && this.object.mayVanish === true ? "Current" : this.health;
  }

  describe(): string {
    return `${subjectOf(this.object.id)} status: '${this.health}'${this.problem === undefined ? "" : `: ${this.problem}`}`;
  }
}

function conclude(states: readonly State[], failFast: boolean): "healthy" | "unhealthy" | "wait" {
  const counted = states.map((state) => state.counted);
  if (counted.every((health) => health === "Current")) return "healthy";
  const hasFailed = counted.includes("Failed");
  const isTerminal = counted.every((health) => health === "Current" || health === "Failed");
  return isTerminal || (failFast && hasFailed) ? "unhealthy" : "wait";
}

function unhealthy(states: readonly State[]): ApplyError {
  const failed = states.filter(({ health }) => health === "Failed").map((state) => state.describe());
  return new ApplyError("UNHEALTHY", `failed early due to stalled resources: [${failed.join(", ")}]`);
}

function timedOut(states: readonly State[]): ApplyError {
  const pending = states.filter(({ counted }) => counted !== "Current").map((state) => state.describe());
  return new ApplyError("TIMEOUT", `timeout waiting for: [${pending.join(", ")}]`);
}

/** Upstream cannot tell the state of anything when one object lacks its namespace. */
async function requireNamespaces(cluster: Client, states: readonly State[]): Promise<void> {
  for (const { object } of states) {
    if (object.id.namespace !== "") continue;
    const { namespaced } = await cluster.resourceFor(refOfId(object.id, object.version)).catch(() => ({ namespaced: false }));
    if (!namespaced) continue;
    const unknown = states.map((state) => `can't determine status for ${subjectOf(state.object.id)}`);
    throw new ApplyError("UNHEALTHY", `failed early due to stalled resources: [${unknown.join(", ")}]`);
  }
}

function groupByKind(states: readonly State[]): readonly (readonly State[])[] {
  const groups = new Map<string, State[]>();
  for (const state of states) {
    const { group, kind } = state.object.id;
    const key = `${group}/${state.object.version}/${kind}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [state]);
    else list.push(state);
  }
  return [...groups.values()];
}

/** Keeps the states of one kind up to date until the returned function is called. */
function follow(cluster: Client, states: readonly State[], options: WaitOptions, changed: () => void): () => void {
  const [first] = states;
  if (first === undefined) return () => undefined;
  const ended = new AbortController();
  const { apiVersion, kind } = refOfId(first.object.id, first.object.version);
  const metadataOnly = isWithoutStatus(apiVersion, kind) && options.readsWhole?.({ apiVersion, kind }) !== true;
  const view = options.view({ apiVersion, kind }, { metadataOnly });
  const look = (): void => {
    if (ended.signal.aborted) return;
    for (const state of states) {
      if (state.seeInView(lookUp(view, state.object.id))) confirm(cluster, state, changed, ended.signal);
    }
    changed();
  };
  let unsubscribe: () => void = () => undefined;
  view.synced.then(
    () => {
      if (ended.signal.aborted) return;
      unsubscribe = view.subscribe(look);
      look();
    },
    () => poll(cluster, states, options, changed, ended.signal).catch(() => undefined),
  );
  const stopTicking = kind === "Pod" ? tick(options.clock, look) : () => undefined;
  return () => {
    ended.abort(new Error("nobody waits any more"));
    stopTicking();
    unsubscribe();
    view[Symbol.dispose]();
  };
}

/** How old a Pod that cannot be scheduled must be to count as failed. @see cli-utils kstatus ScheduleWindow */
const SCHEDULE_WINDOW_MS = 15_000;

/** Pods are judged by their age as well, and growing old is no event. */
function tick(clock: Clock, look: () => void): () => void {
  let stop = clock.after(SCHEDULE_WINDOW_MS, again);
  function again(): void {
    stop = clock.after(SCHEDULE_WINDOW_MS, again);
    look();
  }
  return () => stop();
}

/** Reads an object that the view does not show (yet, or any more). */
function confirm(cluster: Client, state: State, changed: () => void, signal: AbortSignal): void {
  const ref = refOfId(state.object.id, state.object.version);
  cluster.find(ref, { signal }).then(
    (live) => {
      if (signal.aborted || live !== undefined) return;
      state.confirmGone();
      changed();
    },
    () => undefined,
  );
}

/** Resource versions are counters: of two of one resource the smaller was written first. */
function isOlder(version: string | undefined, than: string): boolean {
  if (version === undefined || !/^[0-9]+$/.test(version) || !/^[0-9]+$/.test(than)) return false;
  return BigInt(version) < BigInt(than);
}

function lookUp(view: KindView, { namespace, name }: ObjectId): KubeObject | undefined {
  return view.lookup(namespace === "" ? undefined : namespace, name);
}

/** For a kind that may be read and not watched. */
async function poll(
  cluster: Client,
  states: readonly State[],
  options: WaitOptions,
  changed: () => void,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    await Promise.all(states.map((state) => read(cluster, state, ended)));
    if (ended.aborted) return;
    changed();
    await sleep(options.clock, options.pollMs ?? 5000, ended);
  }
}

async function read(cluster: Client, state: State, signal: AbortSignal): Promise<void> {
  try {
    state.see(await cluster.find(refOfId(state.object.id, state.object.version), { signal }));
  } catch (error) {
    if (isNotFound(error) && !messageOf(error).startsWith("no matches")) return state.see(undefined);
    state.health = "Unknown";
    state.problem = messageOf(error);
  }
}

/**
 * Waits until objects are gone.
 * @throws {ApplyError} TIMEOUT; the signal's reason when it aborts
 * @see fluxcd/pkg ssa/manager_wait.go WaitForSetTermination
 */
export async function waitGone(
  cluster: Client,
  objects: readonly Awaited[],
  options: Omit<WaitOptions, "judge" | "failFast">,
): Promise<void> {
  const gone = objects.map((object) => ({ ...object, mayVanish: true, seen: undefined }));
  try {
    await waitHealthy(cluster, gone, { ...options, failFast: false, judge: () => "Terminating" });
  } catch (error) {
    if (!(error instanceof ApplyError) || error.code !== "TIMEOUT") throw error;
    throw new ApplyError("TIMEOUT", `termination timeout: ${error.message}`, { cause: error });
  }
}
