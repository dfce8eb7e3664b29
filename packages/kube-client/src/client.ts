// SPDX-License-Identifier: Apache-2.0
import type { Identity, KubeObject, ObjectRef, Transport, WatchEvent } from "@flux-ts/kube-core";

/** What discovery tells of one resource. */
export interface ResourceInfo {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** Of every read. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/** What to list. */
export interface ListOptions extends ReadOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Ask for PartialObjectMetadata only. */
  readonly metadataOnly?: boolean;
  readonly resourceVersion?: string;
}

/** All objects of a list, and the version at which they were read: where a watch can begin. */
export interface ListResult<T extends KubeObject = KubeObject> {
  readonly resourceVersion: string;
  readonly items: readonly T[];
}

/** Of every write. */
export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
  readonly subresource?: string;
  readonly signal?: AbortSignal;
}

/** Server-side apply: whose fields these are, and whether to take them from others. */
export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  readonly force?: boolean;
}

/** The kind of patch; custom resources know no strategic ones. */
export interface PatchOptions extends WriteOptions {
  readonly type: "json" | "merge" | "strategic";
}

/** How to delete, and of which version of the object only. */
export interface DeleteOptions {
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly gracePeriodSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** What to watch, and from where on. */
export interface WatchOptions extends ListOptions {
  /** Where to begin; required unless `sendInitialEvents`. */
  readonly resourceVersion?: string;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
}

/** A kind by apiVersion and kind: all that a list or watch needs. */
export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * One cluster seen by one identity. Kinds are found by discovery (cached; an unknown kind is looked up anew once).
 *
 * Every method throws `ApiError` for an answer that is a failure (also for a kind that the server does not have:
 * code 404, reason `NotFound`, see `isKindMissing`), and an ordinary `Error` when no answer came.
 */
export interface Client {
  readonly identity: Identity | undefined;
  readonly transport: Transport;
  get<T extends KubeObject = KubeObject>(ref: ObjectRef, options?: ReadOptions): Promise<T>;
  /** Undefined when there is no such object. */
  find<T extends KubeObject = KubeObject>(ref: ObjectRef, options?: ReadOptions): Promise<T | undefined>;
  /** All pages. */
  list<T extends KubeObject = KubeObject>(kind: KindRef, options?: ListOptions): Promise<ListResult<T>>;
  create<T extends KubeObject>(object: T, options?: WriteOptions): Promise<T>;
  update<T extends KubeObject>(object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject = KubeObject>(ref: ObjectRef, patch: unknown, options: PatchOptions): Promise<T>;
  /** Server-side apply. */
  apply<T extends KubeObject = KubeObject>(object: KubeObject, options: ApplyOptions): Promise<T>;
  /** Resolves with the object (still there, held by finalizers or grace) or the Status. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<KubeObject>;
  /** Raw events, ERROR and BOOKMARK included; ends when the server ends it. */
  watch(kind: KindRef, options: WatchOptions): Promise<AsyncIterable<WatchEvent>>;
  /** @throws {ApiError} 404 when the server has no such kind */
  resourceFor(kind: KindRef): Promise<ResourceInfo>;
  /** Every preferred resource, for `kubectl get all`-like walks. */
  resources(): Promise<readonly ResourceInfo[]>;
  /** Forget what discovery told, e.g. after CRDs changed. */
  forgetDiscovery(): void;
}
