// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { KubeServerError } from "../kube-server-error.ts";
import type { Change, Journal } from "./change.ts";
import { deepFreeze } from "./freeze.ts";
import { SortedKeys } from "./sorted-keys.ts";

/** One page of a walk in key order. */
export interface Page {
  readonly objects: readonly KubeObject[];
  /** The key of the last object, when more follow. */
  readonly lastKey?: string;
  /** How many objects of the range follow this page. */
  readonly remaining: number;
}

interface Table {
  readonly objects: Map<string, KubeObject>;
  readonly keys: SortedKeys;
}

export interface RevisionStoreOptions {
  /** How many changes are kept for watches and consistent reads of the past. */
  readonly history?: number;
  readonly journal?: Journal;
}

const DEFAULT_HISTORY = 10_000;

/**
 * All objects, and the log of what changed: an append-only sequence of revisions, whose tail is kept in memory.
 *
 * Synchronous throughout: a write is seen by every later read, and listeners are told before it returns, in order.
 * Objects are frozen when they enter, and handed out as they are.
 */
export class RevisionStore {
  #revision = 1;
  #tables = new Map<string, Table>();
  /** A ring: the change of revision r is at r modulo its length. */
  #history: (Change | undefined)[];
  #compacted: number;
  #listeners = new Map<string, Set<(change: Change) => void>>();
  #journal: Journal | undefined;
  #untold: Change[] = [];
  #isTelling = false;

  constructor(options: RevisionStoreOptions = {}) {
    this.#history = Array.from({ length: options.history ?? DEFAULT_HISTORY });
    this.#journal = options.journal;
    if (this.#journal) {
      const { revision, objects } = this.#journal.load();
      this.#revision = Math.max(1, revision);
      for (const { resource, key, object } of objects) {
        const table = this.#table(resource);
        table.objects.set(key, deepFreeze(object));
        table.keys.add(key);
      }
    }
    this.#compacted = this.#revision;
  }

  /** The revision of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** Changes after this revision are still known. */
  get compactedRevision(): number {
    return this.#compacted;
  }

  get(resource: string, key: string): KubeObject | undefined {
    return this.#tables.get(resource)?.objects.get(key);
  }

  count(resource: string): number {
    return this.#tables.get(resource)?.objects.size ?? 0;
  }

  /** The names of resources that have, or had, objects. */
  resources(): IterableIterator<string> {
    return this.#tables.keys();
  }

  /** Objects whose key begins with `prefix`, in key order, from after `afterKey` on. */
  page(resource: string, prefix: string, afterKey?: string, limit?: number): Page {
    const table = this.#tables.get(resource);
    if (!table) return { objects: [], remaining: 0 };
    const range = table.keys.rangeOf(prefix);
    const from = afterKey === undefined ? range.from : Math.max(range.from, table.keys.after(afterKey));
    const to = limit ? Math.min(range.to, from + limit) : range.to;
    const objects: KubeObject[] = [];
    for (let index = from; index < to; index++) objects.push(table.objects.get(table.keys.at(index) as string) as KubeObject);
    const remaining = Math.max(0, range.to - to);
    const lastKey = table.keys.at(to - 1);
    return remaining > 0 && lastKey !== undefined ? { objects, remaining, lastKey } : { objects, remaining };
  }

  /**
   * The same as it was at an earlier revision, found by undoing what came after.
   * @throws {KubeServerError} COMPACTED
   */
  pageAt(revision: number, resource: string, prefix: string, afterKey?: string, limit?: number): Page {
    if (revision >= this.#revision) return this.page(resource, prefix, afterKey, limit);
    const undone = new Map<string, KubeObject | undefined>();
    for (const change of this.changesSince(revision, resource)) {
      if (change.key.startsWith(prefix) && !undone.has(change.key)) undone.set(change.key, change.previous);
    }
    const past = new Map<string, KubeObject>();
    const table = this.#tables.get(resource);
    if (table) {
      const { from, to } = table.keys.rangeOf(prefix);
      for (let index = from; index < to; index++) {
        const key = table.keys.at(index) as string;
        if (!undone.has(key)) past.set(key, table.objects.get(key) as KubeObject);
      }
    }
    for (const [key, object] of undone) if (object) past.set(key, object);
    const keys = [...past.keys()].filter((key) => afterKey === undefined || key > afterKey).toSorted();
    const shown = limit ? keys.slice(0, limit) : keys;
    const remaining = keys.length - shown.length;
    const lastKey = shown.at(-1);
    const objects = shown.map((key) => past.get(key) as KubeObject);
    return remaining > 0 && lastKey !== undefined ? { objects, remaining, lastKey } : { objects, remaining };
  }

  /**
   * What changed after `revision`, oldest first, of one resource.
   * @throws {KubeServerError} COMPACTED when the log does not reach back so far
   */
  changesSince(revision: number, resource: string): readonly Change[] {
    if (revision < this.#compacted) {
      throw new KubeServerError("COMPACTED", `Cannot read changes since revision ${revision}: the log begins after ${this.#compacted}`);
    }
    const changes: Change[] = [];
    for (let at = revision + 1; at <= this.#revision; at++) {
      const change = this.#history[at % this.#history.length];
      if (change?.resource === resource) changes.push(change);
    }
    return changes;
  }

  /** Adds or replaces; gives the object as it is kept, with its new resourceVersion. */
  put(resource: string, key: string, object: KubeObject): KubeObject {
    const previous = this.get(resource, key);
    const stored = this.#withRevision(object, this.#revision + 1);
    this.#commit(
      previous
        ? { revision: this.#revision + 1, resource, key, type: "MODIFIED", object: stored, previous }
        : { revision: this.#revision + 1, resource, key, type: "ADDED", object: stored },
    );
    return stored;
  }

  /** Removes; gives the last state with the resourceVersion of the deletion. Nothing happens when there is no such object. */
  delete(resource: string, key: string, lastState?: KubeObject): KubeObject | undefined {
    const previous = this.get(resource, key);
    if (!previous) return undefined;
    const stored = this.#withRevision(lastState ?? previous, this.#revision + 1);
    this.#commit({ revision: this.#revision + 1, resource, key, type: "DELETED", object: stored, previous });
    return stored;
  }

  /** Tells of every change of a resource (`"*"`: of all), inside the write, in order, until the returned function is called. */
  subscribe(resource: string, listener: (change: Change) => void): () => void {
    let listeners = this.#listeners.get(resource);
    if (!listeners) this.#listeners.set(resource, (listeners = new Set()));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #withRevision(object: KubeObject, revision: number): KubeObject {
    return deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });
  }

  #commit(change: Change): void {
    this.#journal?.append(change);
    const table = this.#table(change.resource);
    if (change.type === "DELETED") {
      table.objects.delete(change.key);
      table.keys.remove(change.key);
    } else {
      table.objects.set(change.key, change.object);
      if (change.type === "ADDED") table.keys.add(change.key);
    }
    this.#revision = change.revision;
    const slot = change.revision % this.#history.length;
    if (this.#history[slot]) this.#compacted = Math.max(this.#compacted, change.revision - this.#history.length);
    this.#history[slot] = change;
    this.#untold.push(change);
    if (!this.#isTelling) this.#tell();
  }

  /** Tells of changes in order: what a listener writes is told when all have heard of what it answered to. */
  #tell(): void {
    this.#isTelling = true;
    try {
      for (let change = this.#untold.shift(); change; change = this.#untold.shift()) {
        for (const name of [change.resource, "*"]) {
          const listeners = this.#listeners.get(name);
          // Who subscribes while changes are told has not asked for this one.
          if (listeners) for (const listener of Array.from(listeners)) listener(change);
        }
      }
    } finally {
      this.#isTelling = false;
    }
  }

  #table(resource: string): Table {
    let table = this.#tables.get(resource);
    if (!table) this.#tables.set(resource, (table = { objects: new Map(), keys: new SortedKeys() }));
    return table;
  }
}
