// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import type { Observe } from "@flux-ts/kube-runtime";
import type { Applied, Change, ObjectId } from "@flux-ts/toolkit/apply";
import { formatId, idOf, jobsWithTtl, refOfId } from "@flux-ts/toolkit/apply";
import { DefinitionsWatch } from "./definitions-watch.ts";
import { HeldViews } from "./held-views.ts";
import { areInputsFresh, type Inputs } from "./inputs.ts";

/** One object as it was when it was last checked against the API server. */
interface Remembered {
  readonly id: ObjectId;
  /** How the object was named when it was sent: the API server may know better whether it has a namespace. */
  readonly sentAs: string;
  readonly version: string;
  readonly isSkipped: boolean;
  /** uid and resourceVersion; undefined: it was not there. */
  readonly state: string | undefined;
  /** A Job that deletes itself when it is done. */
  readonly mayVanish: boolean;
}

type InputsRead = Pick<Inputs, "digest" | "read">;

/** What is known of a Kustomization's last complete apply. */
interface AppliedSet {
  /** Names everything that the objects were made from, but the inputs. */
  readonly key: string;
  /** Of the objects, for the history. */
  readonly checksum: string;
  readonly inputs: InputsRead;
  /** In the order of applying. */
  readonly objects: readonly Remembered[];
  readonly definitions: string | undefined;
  /** What the Ready message adds. */
  readonly note: string;
}

/** What one Kustomization holds between its reconciles. */
export interface Held {
  /** Of what is applied, on the cluster that it is applied to. */
  readonly views: HeldViews;
  /** Of what the Kustomization refers to, on our own cluster. */
  readonly inputViews: HeldViews;
  set: AppliedSet | undefined;
  /** Reconciles since everything was checked. */
  passes: number;
}

/**
 * Remembers what was applied, and watches it, so that an unchanged reconcile needs no request.
 *
 * Only that: whatever is not certain (a gap in a watch, another resourceVersion, a changed definition) makes the next
 * reconcile ask the API server.
 */
export class AppliedMemory {
  readonly #held = new Map<string, Held & { readonly client: Client }>();
  readonly #definitions = new WeakMap<Client, DefinitionsWatch>();

  /**
   * What is held for an object, for applying as this client; what was held as another is let go.
   * @param own the controller's own client
   */
  of(uid: string, client: Client, own: Client, observe: Observe): Held {
    const known = this.#held.get(uid);
    if (known?.client === client) return known;
    this.forget(uid);
    const views = new HeldViews(client, observe);
    const held = { client, views, inputViews: client === own ? views : new HeldViews(own, observe), set: undefined, passes: 0 };
    this.#held.set(uid, held);
    return held;
  }

  forget(uid: string): void {
    const held = this.#held.get(uid);
    if (held === undefined) return;
    this.#held.delete(uid);
    held.views[Symbol.dispose]();
    held.inputViews[Symbol.dispose]();
    for (const { client } of this.#held.values()) if (client === held.client) return;
    this.#definitions.get(held.client)?.[Symbol.dispose]();
    this.#definitions.delete(held.client);
  }

  /** Names the state of CRDs and webhooks; undefined while it is not known. */
  definitionsVersion(client: Client, observe: Observe): string | undefined {
    let watch = this.#definitions.get(client);
    if (watch === undefined) {
      watch = new DefinitionsWatch(client, observe);
      this.#definitions.set(client, watch);
    }
    return watch.version;
  }
}

/** One reconcile, and what it may rely on. */
export interface Round {
  readonly held: Held;
  readonly key: string;
  readonly definitions: string | undefined;
  /** Ids, as they are sent, of what may have changed. Undefined: nothing is certain. */
  readonly uncertain: ReadonlySet<string> | undefined;
  /** Of the last round: what holds when nothing changed. */
  readonly checksum: string;
  readonly inputs: InputsRead;
  readonly note: string;
  readonly epochs: ReadonlyMap<string, number>;
  readonly inputEpochs: ReadonlyMap<string, number>;
}

/** @param trust undefined: look at everything */
export function beginRound(
  held: Held,
  key: string,
  definitions: string | undefined,
  trust: { readonly fullCheckEvery: number } | undefined,
): Round {
  const { set, views, inputViews } = held;
  // Before anything is looked at: what is missed from now on counts for the next round.
  const epochs = views.epochs();
  const inputEpochs = inputViews.epochs();
  const isSame =
    set !== undefined &&
    trust !== undefined &&
    held.passes < trust.fullCheckEvery &&
    set.key === key &&
    definitions !== undefined &&
    set.definitions === definitions &&
    areInputsFresh(set.inputs.read, inputViews);
  return {
    held,
    key,
    definitions,
    uncertain: isSame ? new Set(set.objects.filter((each) => !isCertain(each, views)).map(({ sentAs }) => sentAs)) : undefined,
    checksum: set?.checksum ?? "",
    inputs: set?.inputs ?? { digest: "", read: [] },
    note: set?.note ?? "",
    epochs,
    inputEpochs,
  };
}

function isCertain({ id, version, state }: Remembered, views: HeldViews): boolean {
  const view = views.settled(refOfId(id, version));
  if (view === undefined) return false;
  return stateOf(view.lookup(id.namespace === "" ? undefined : id.namespace, id.name)) === state;
}

/**
 * Keeps what was applied; from now on its kinds are watched.
 * @returns one change for each object, in the order of applying, those that were not looked at included
 */
export function endRound(
  { held, key, definitions, epochs, inputEpochs }: Round,
  applied: readonly Applied[],
  {
    checksum,
    inputs,
    only,
    note,
  }: { readonly checksum: string; readonly inputs: InputsRead; readonly only: ReadonlySet<string> | undefined; readonly note: string },
): readonly Change[] {
  const now = new Map(applied.map((each) => [formatId(idOf(each.sent)), each]));
  const known = only === undefined ? [] : (held.set?.objects ?? []);
  const objects = only === undefined ? applied.map(rememberOne) : known.map((each) => recall(now.get(each.sentAs), each));
  held.set = { key, definitions, checksum, inputs, note, objects };
  held.passes = only === undefined ? 1 : held.passes + 1;
  held.views.forgiveGaps(epochs);
  for (const { id, version } of objects) held.views.hold(refOfId(id, version), true);
  if (held.inputViews !== held.views) held.inputViews.forgiveGaps(inputEpochs);
  for (const { kind } of inputs.read) held.inputViews.hold({ apiVersion: "v1", kind }, true);
  return objects.map(
    ({ id, sentAs, version, isSkipped }) => now.get(sentAs)?.change ?? { id, version, action: isSkipped ? "skipped" : "unchanged" },
  );
}

function recall(again: Applied | undefined, before: Remembered): Remembered {
  return again === undefined ? before : rememberOne(again);
}

function rememberOne({ change, sent, live, isSettled }: Applied): Remembered {
  return {
    id: change.id,
    sentAs: formatId(idOf(sent)),
    version: change.version,
    isSkipped: change.action === "skipped",
    state: isSettled ? stateOf(live) : "to be looked at again",
    mayVanish: jobsWithTtl([sent]).length > 0,
  };
}

function stateOf(live: KubeObject | undefined): string | undefined {
  return live && `${live.metadata.uid ?? ""}/${live.metadata.resourceVersion ?? ""}`;
}

/** Ids of Jobs that may be gone when they are done. */
export function vanishingOf(held: Held): ReadonlySet<string> {
  return new Set((held.set?.objects ?? []).filter(({ mayVanish }) => mayVanish).map(({ id }) => formatId(id)));
}
