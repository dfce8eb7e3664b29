// SPDX-License-Identifier: Apache-2.0
import type { Clock, KubeObject, WatchEvent } from "@flux-ts/kube-core";
import { ApiError, sleep } from "@flux-ts/kube-core";
import type { Client, KindRef } from "@flux-ts/kube-client";
import type { Logger } from "./logger.ts";
import { isNewer } from "./resource-version.ts";

/** What to keep a copy of, and what with. */
export interface InformerOptions {
  readonly client: Client;
  readonly kind: KindRef;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Keeps metadata only, and of that no managedFields. */
  readonly metadataOnly?: boolean | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** Called when it has ended to read its kind anew, well or not. */
  readonly changed?: () => void;
}

/** `before` is absent for a new object, `after` for one that is gone. */
export type Changed = (before: KubeObject | undefined, after: KubeObject | undefined) => void;

const minBackoffMs = 800;
const maxBackoffMs = 30_000;
const graceSeconds = 30;

/**
 * A copy of all objects of one kind, kept by list and watch for as long as its signal does not abort.
 *
 * It never dies silently: an error of any kind is told (`onError`), logged, and retried with growing delays; a watch
 * that ends is resumed where it ended; one that is too old (410) begins anew with a list; an object that makes no
 * sense is skipped and logged, and the watch goes on.
 *
 * Objects are handed out as they came and must not be changed.
 *
 * @see client-go tools/cache Reflector for the rules
 */
export class Informer {
  readonly kind: KindRef;
  /** Resolves once the first list is in; pends until then, whatever fails. Rejects when stopped before. */
  readonly synced: Promise<void>;
  readonly #options: InformerOptions;
  readonly #objects = new Map<string, KubeObject>();
  readonly #subscribers = new Set<Changed>();
  readonly #errorSubscribers = new Set<(error: unknown) => void>();
  #markSynced: () => void = () => {};
  #markStopped: (reason: Error) => void = () => {};
  #isSynced = false;
  #isListing = false;
  #epoch = 0;
  #resourceVersion: string | undefined;
  #failures = 0;
  #wasGone = false;

  constructor(options: InformerOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.synced = new Promise((resolve, reject) => {
      this.#markSynced = resolve;
      this.#markStopped = reject;
    });
    // Nobody has to wait for it.
    this.synced.catch(() => {});
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Whether the state is being read anew right now. */
  get isListing(): boolean {
    return this.#isListing;
  }

  /** Grows whenever events may have been missed. */
  get epoch(): number {
    return this.#epoch;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  values(): IterableIterator<KubeObject> {
    return this.#objects.values();
  }

  /** Called synchronously after every change. Returns the end of the subscription. */
  subscribe(changed: Changed): () => void {
    this.#subscribers.add(changed);
    return () => this.#subscribers.delete(changed);
  }

  onError(told: (error: unknown) => void): () => void {
    this.#errorSubscribers.add(told);
    return () => this.#errorSubscribers.delete(told);
  }

  /** Takes in the answer to a write of our own, so that the next look does not see the state before it. */
  absorb(object: KubeObject): void {
    const known = this.#objects.get(keyOf(object.metadata.namespace, object.metadata.name ?? ""));
    // What is not known was deleted meanwhile, or is not ours to see.
    if (known !== undefined && known.metadata.uid === object.metadata.uid) this.#upsert(object);
  }

  /** Runs until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#resourceVersion === undefined) await this.#list(signal);
        await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) break;
        if (isGone(error)) {
          this.#resourceVersion = undefined;
          // The first fall out of the window is normal; if it happens again at once, something is wrong.
          const isFirst = !this.#wasGone;
          this.#wasGone = true;
          if (isFirst) continue;
        }
        await this.#fail(error, signal);
      }
    }
    this.#markStopped(new Error(`The watch of ${this.kind.kind} was stopped before it had read the objects`));
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, kind, namespace, labelSelector, fieldSelector, metadataOnly } = this.#options;
    this.#isListing = true;
    try {
      const { items, resourceVersion } = await client.list(kind, {
        ...(namespace === undefined ? {} : { namespace }),
        ...(labelSelector === undefined ? {} : { labelSelector }),
        ...(fieldSelector === undefined ? {} : { fieldSelector }),
        ...(metadataOnly === undefined ? {} : { metadataOnly }),
        signal,
      });
      if (this.#isSynced) this.#epoch += 1;
      const seen = new Set<string>();
      for (const item of items) {
        if (!this.#isSound(item)) continue;
        seen.add(keyOf(item.metadata.namespace, item.metadata.name ?? ""));
        this.#upsert(item);
      }
      for (const [key, object] of this.#objects) if (!seen.has(key)) this.#remove(key, object);
      this.#resourceVersion = resourceVersion;
      this.#isSynced = true;
      this.#markSynced();
    } finally {
      this.#isListing = false;
      this.#options.changed?.();
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const timeoutSeconds = Math.round(300 * (1 + random()));
    // A server that vanished without a word ends nothing: the watch is left a little after its own time.
    const lapse = new AbortController();
    const cancel = clock.after((timeoutSeconds + graceSeconds) * 1000, () => lapse.abort(new Error("the watch outlived its time")));
    try {
      await this.#follow(timeoutSeconds, AbortSignal.any([signal, lapse.signal]));
    } catch (error) {
      if (signal.aborted || !lapse.signal.aborted) throw error;
    } finally {
      cancel();
    }
  }

  async #follow(timeoutSeconds: number, signal: AbortSignal): Promise<void> {
    const { client, kind, namespace, labelSelector, fieldSelector, metadataOnly, clock } = this.#options;
    const startedAt = clock.now();
    const events = await client.watch(kind, {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(metadataOnly === undefined ? {} : { metadataOnly }),
      ...(this.#resourceVersion === undefined ? {} : { resourceVersion: this.#resourceVersion }),
      timeoutSeconds,
      signal,
    });
    let count = 0;
    for await (const event of events) {
      count += 1;
      this.#receive(event);
      this.#failures = 0;
      this.#wasGone = false;
    }
    if (count === 0 && !signal.aborted && clock.now() - startedAt < 1000) {
      throw new Error(`the server ended the watch of ${kind.kind} at once, without an event`);
    }
  }

  #receive(event: WatchEvent): void {
    const { type, object } = event;
    if (type === "ERROR") {
      const status = object as unknown as ConstructorParameters<typeof ApiError>[0];
      if (status.code !== 500) throw new ApiError(status);
      this.#tell(new ApiError(status));
      this.#epoch += 1;
      return;
    }
    const { resourceVersion } = (object.metadata ?? {}) as { resourceVersion?: string };
    if (type !== "BOOKMARK" && this.#isSound(object)) {
      if (type === "DELETED") this.#remove(keyOf(object.metadata.namespace, object.metadata.name ?? ""), object);
      else this.#upsert(object);
    }
    if (resourceVersion) this.#resourceVersion = resourceVersion;
  }

  #upsert(object: KubeObject): void {
    const kept = this.#options.metadataOnly ? metadataOf(object) : object;
    const key = keyOf(kept.metadata.namespace, kept.metadata.name ?? "");
    const before = this.#objects.get(key);
    if (before !== undefined && !isNewer(kept.metadata.resourceVersion, before.metadata.resourceVersion)) return;
    this.#objects.set(key, kept);
    if (before !== undefined && before.metadata.uid !== kept.metadata.uid) {
      // Deleted and created anew while nobody looked: two changes, not one.
      this.#dispatch(before, undefined);
      this.#dispatch(undefined, kept);
    } else this.#dispatch(before, kept);
  }

  #remove(key: string, object: KubeObject): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    if (before.metadata.uid !== object.metadata.uid && isNewer(before.metadata.resourceVersion, object.metadata.resourceVersion)) return;
    this.#objects.delete(key);
    this.#dispatch(before, undefined);
  }

  #dispatch(before: KubeObject | undefined, after: KubeObject | undefined): void {
    for (const changed of this.#subscribers) {
      try {
        changed(before, after);
      } catch (error) {
        this.#options.log.error("a subscriber of a watch failed", { kind: this.kind.kind, error });
      }
    }
  }

  #isSound(object: KubeObject): boolean {
    const metadata = object.metadata as unknown;
    if (typeof metadata === "object" && metadata !== null && typeof (metadata as { name?: unknown }).name === "string") return true;
    this.#tell(new Error(`an object of kind ${this.kind.kind} has no name and is ignored`));
    return false;
  }

  async #fail(error: unknown, signal: AbortSignal): Promise<void> {
    this.#tell(error);
    this.#failures += 1;
    const delayMs = Math.min(minBackoffMs * 2 ** Math.min(this.#failures - 1, 10), maxBackoffMs) * (0.5 + this.#options.random());
    try {
      await sleep(this.#options.clock, delayMs, signal);
    } catch {
      // Stopped: the loop ends by itself.
    }
  }

  #tell(error: unknown): void {
    this.#options.log.error("watch failed, it will be retried", { kind: this.kind.kind, error });
    for (const told of this.#errorSubscribers) told(error);
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.code === 410;
}

function metadataOf(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, metadata };
}
