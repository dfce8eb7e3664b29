// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { isNotFound, refOf } from "@flux-ts/kube-core";
import { ApplyError } from "./apply-error.ts";
import type { Action, Change } from "./change-set.ts";
import { changeOf } from "./change-set.ts";
import { hasDrifted } from "./drift.ts";
import { dryRunError, maskRefusal, messageOf } from "./dry-run-error.ts";
import type { Cleanup, JsonPatchOperation } from "./field-managers.ts";
import { cleanupPatch, hasLostFields, migrationPatch } from "./field-managers.ts";
import type { IgnoredPaths } from "./ignore-rules.ts";
import { withIgnoredFields, withoutPaths } from "./ignore-rules.ts";
import { isImmutableError } from "./immutable.ts";
import { marksOf } from "./marks.ts";
import type { Owner } from "./metadata.ts";
import { hasMark } from "./metadata.ts";
import { subjectOfObject } from "./object-id.ts";
import type { Outcome } from "./parallel.ts";
import { runParallel } from "./parallel.ts";
import { sortObjects } from "./stage.ts";

export interface ApplyOptions {
  readonly owner: Owner;
  /** Recreate objects when an immutable field changes. Default: only those that ask for it themselves. */
  readonly force?: boolean;
  /** What others left that is removed first. */
  readonly cleanup?: Cleanup;
  readonly ignored?: IgnoredPaths;
  /** Move `managedFields` to the version that is applied (gate `MigrateAPIVersion`). */
  readonly migratesVersion?: boolean;
  /** Requests in flight. Default 4. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** Called when every dry run passed, with what is about to be written, if anything is. */
  beforeWrite?(changes: readonly Change[]): Promise<void>;
  /** Waits until a deleted object, held by finalizers, is gone. */
  awaitDeletion(object: KubeObject): Promise<void>;
}

/** What was done to one object, and how it stands in the cluster now. */
export interface Applied {
  readonly change: Change;
  /** The object as it was sent. */
  readonly sent: KubeObject;
  /** Undefined: there is none (an excluded object that nobody created). */
  readonly live: KubeObject | undefined;
  /** Applying it again would do nothing. */
  readonly isSettled: boolean;
}

/** An object whose dry run passed. */
interface Prepared {
  readonly object: KubeObject;
  /** What the API server calls it: a namespace on a cluster-scoped object is gone. */
  readonly named: KubeObject;
  readonly action: Action;
  readonly live: KubeObject | undefined;
  /** Undefined: nothing is to be written. */
  readonly write: { readonly patches: readonly JsonPatchOperation[]; readonly payload: KubeObject } | undefined;
}

/**
 * Applies objects of one stage: every object is tried without effect first, and only when all pass those that changed are
 * written. So an object that the API server refuses blocks its whole stage.
 *
 * @param objects any order; applied, and returned, in the order of `sortObjects`
 * @throws {ApplyError} DRY_RUN_FAILED, NOT_SPECIFIED: nothing was written; APPLY_FAILED, CLEANUP_FAILED: some may have been
 * @see fluxcd/pkg ssa/manager_apply.go ApplyAll; spec G-SSA-1, 4, 5, 6, 7
 */
export async function applyObjects(cluster: Client, objects: readonly KubeObject[], options: ApplyOptions): Promise<readonly Applied[]> {
  const sorted = sortObjects(objects);
  const limit = options.concurrency ?? 4;
  const prepared = valuesOf(await runParallel(sorted, limit, (object) => prepare(cluster, object, options)), limit);
  const wanted = prepared.filter((each) => each.write !== undefined);
  if (wanted.length > 0) await options.beforeWrite?.(wanted.map(({ named, action }) => changeOf(named, action)));
  return valuesOf(await runParallel(prepared, limit, (each) => write(cluster, each, options)), 0);
}

/**
 * The values, when nothing failed. Of several failures one is told: of the requests that began together the last, as
 * upstream's scheduler runs them, else the first.
 */
function valuesOf<T>(outcomes: readonly (Outcome<T> | undefined)[], together: number): readonly T[] {
  const failed = (outcome: Outcome<T> | undefined): outcome is { error: unknown } => outcome !== undefined && "error" in outcome;
  const failure = outcomes.slice(0, together).findLast(failed) ?? outcomes.find(failed);
  if (failure !== undefined && failed(failure)) throw failure.error;
  return outcomes.flatMap((outcome) => (outcome !== undefined && "value" in outcome ? [outcome.value] : []));
}

async function prepare(cluster: Client, object: KubeObject, options: ApplyOptions): Promise<Prepared> {
  const marks = marksOf(options.owner.group);
  let live = await findLive(cluster, object, options.signal);
  const isSkipped =
    hasMark(object, marks.excluded) || hasMark(live, marks.excluded) || (live !== undefined && hasMark(object, marks.ifNotPresent));
  if (isSkipped) return { object, named: live ?? object, action: "skipped", live, write: undefined };

  let dryRun: KubeObject;
  try {
    dryRun = await tryApply(cluster, object, options);
  } catch (error) {
    if (live === undefined || !mayRecreate(object, live, error, options)) throw dryRunError(object, error);
    await recreate(cluster, live, options);
    live = undefined;
    dryRun = await tryApply(cluster, object, options).catch((again: unknown) => {
      throw dryRunError(object, again);
    });
  }

  const patches = live === undefined ? [] : patchesFor(live, object, options);
  const paths = live === undefined ? [] : (options.ignored?.(dryRun) ?? []);
  const isDisowned = live !== undefined && paths.length === 0 && hasLostFields(live, dryRun, options.owner.fieldManager);
  const hasChanged = isDisowned || hasDrifted(live && withoutPaths(live, paths), withoutPaths(dryRun, paths));
  if (patches.length === 0 && !hasChanged) return { object, named: dryRun, action: "unchanged", live, write: undefined };
  const { fieldManager } = options.owner;
  const payload = live === undefined || paths.length === 0 ? object : withIgnoredFields(object, { live, dryRun, paths, fieldManager });
  const action = dryRun.metadata.resourceVersion ? "configured" : "created";
  return { object, named: dryRun, action, live, write: { patches, payload } };
}

/** Errors other than absence show in the dry run, whose text users know. */
async function findLive(cluster: Client, object: KubeObject, signal: AbortSignal | undefined): Promise<KubeObject | undefined> {
  try {
    return await cluster.find(refOf(object), signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function tryApply(cluster: Client, object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
  return cluster.apply(object, { ...applyOptions(options), dryRun: true });
}

function applyOptions({ owner, signal }: ApplyOptions): { fieldManager: string; force: true; signal?: AbortSignal } {
  return { fieldManager: owner.fieldManager, force: true, ...(signal === undefined ? {} : { signal }) };
}

/** @see spec G-SSA-7 */
function mayRecreate(object: KubeObject, live: KubeObject, error: unknown, options: ApplyOptions): boolean {
  const { forced } = marksOf(options.owner.group);
  return isImmutableError(error) && (options.force === true || hasMark(object, forced) || hasMark(live, forced));
}

async function recreate(cluster: Client, live: KubeObject, options: ApplyOptions): Promise<void> {
  const subject = subjectOfObject(live);
  const fail = (what: string, cause: unknown): never => {
    throw new ApplyError("DELETE_FAILED", `${subject} immutable field detected, failed to ${what}: ${messageOf(cause)}`, { cause });
  };
  try {
    await cluster.delete(refOf(live), {
      propagationPolicy: "Background",
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (!isNotFound(error)) fail("delete object", error);
  }
  await options.awaitDeletion(live).catch((error: unknown) => fail("wait for object to be deleted", error));
}

/** @see spec G-SSA-5, G-SSA-6 */
function patchesFor(live: KubeObject, object: KubeObject, options: ApplyOptions): readonly JsonPatchOperation[] {
  const migration = options.migratesVersion === true ? migrationPatch(live, object.apiVersion) : [];
  const { merged } = marksOf(options.owner.group);
  if (options.cleanup === undefined || hasMark(object, merged) || hasMark(live, merged)) return migration;
  const cleanup = cleanupPatch(live, options.cleanup, options.owner.fieldManager);
  if (migration.length === 0) return cleanup;
  // Both replace the list as a whole: the takeover has to see the entries already moved.
  const moved = {
    ...live,
    metadata: {
      ...live.metadata,
      managedFields: (live.metadata.managedFields ?? []).map((entry) => ({ ...entry, apiVersion: object.apiVersion })),
    },
  };
  return [...migration, ...cleanupPatch(moved, options.cleanup, options.owner.fieldManager)];
}

async function write(cluster: Client, { object, named, action, live, write: wanted }: Prepared, options: ApplyOptions): Promise<Applied> {
  if (wanted === undefined) return { change: changeOf(named, action), sent: object, live, isSettled: true };
  const { patches, payload } = wanted;
  if (live !== undefined && patches.length > 0) await cleanUp(cluster, refOf(live), live, patches, options);
  try {
    const applied = await cluster.apply(payload, applyOptions(options));
    return { change: changeOf(named, action), sent: object, live: applied, isSettled: patchesFor(applied, object, options).length === 0 };
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new ApplyError("APPLY_FAILED", `${subjectOfObject(object)} apply failed: ${maskRefusal(object, messageOf(cause))}`, { cause });
  }
}

async function cleanUp(
  cluster: Client,
  ref: ObjectRef,
  live: KubeObject,
  patches: readonly JsonPatchOperation[],
  { owner, signal }: ApplyOptions,
): Promise<void> {
  try {
    await cluster.patch(ref, patches, { type: "json", fieldManager: owner.fieldManager, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    const message = `${subjectOfObject(live)} metadata.managedFields cleanup failed: ${messageOf(cause)}`;
    throw new ApplyError("CLEANUP_FAILED", message, { cause });
  }
}
