// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { isJsonObject, refOf } from "@flux-ts/kube-core";
import type { Change, IgnoredPaths } from "@flux-ts/toolkit/apply";
import { changeOf, dryRunError, hasDrifted, hasMark, isImmutableError, marksOf, maskData, withoutPaths } from "@flux-ts/toolkit/apply";
import { kustomizeOwner } from "./build-kustomization.ts";
import { SOPS_MASK } from "./mask-secret.ts";

/** What applying an object would do; with `configured`, the object before and after. */
export interface ObjectDiff {
  readonly change: Change;
  readonly before?: KubeObject;
  readonly after?: KubeObject;
}

/**
 * Asks the API server what applying an object would do, without doing it. Values of Secrets are masked.
 *
 * @throws {ApplyError} when the API server refuses the object
 * @see fluxcd/pkg ssa ResourceManager.Diff
 */
export async function diffObject(
  client: Client,
  object: KubeObject,
  ignored: IgnoredPaths | undefined,
  signal: AbortSignal,
): Promise<ObjectDiff> {
  const marks = marksOf(kustomizeOwner.group);
  const live = await client.find(refOf(object), { signal }).catch(() => undefined);
  signal.throwIfAborted();
  if (hasMark(object, marks.excluded) || hasMark(live, marks.excluded) || (live !== undefined && hasMark(object, marks.ifNotPresent))) {
    return { change: changeOf(live ?? object, "skipped") };
  }
  let dryRun: KubeObject;
  try {
    dryRun = await client.apply(object, { fieldManager: kustomizeOwner.fieldManager, force: true, dryRun: true, signal });
  } catch (error) {
    signal.throwIfAborted();
    const isForced = hasMark(object, marks.forced) || hasMark(live, marks.forced);
    if (isForced && isImmutableError(error)) return { change: changeOf(object, "created") };
    throw dryRunError(object, error);
  }
  if (live === undefined || !dryRun.metadata.resourceVersion) return { change: changeOf(dryRun, "created") };
  const paths = ignored?.(dryRun) ?? [];
  const [before, after] = [withoutPaths(live, paths), withoutPaths(dryRun, paths)];
  if (!hasDrifted(before, after)) return { change: changeOf(dryRun, "unchanged") };
  return masked(object, { change: changeOf(object, "configured"), before: withoutManagers(before), after: withoutManagers(after) });
}

function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

interface Drifted extends ObjectDiff {
  readonly before: KubeObject;
  readonly after: KubeObject;
}

function masked(object: KubeObject, diff: Drifted): ObjectDiff {
  if (object.kind !== "Secret" || object.apiVersion !== "v1") return diff;
  const [old, now] = [dataOf(diff.before), dataOf(diff.after)];
  if (!Object.values(dataOf(object) ?? {}).some(isSopsMask)) {
    const { before, after } = maskData(old, now);
    return {
      ...diff,
      before: old === undefined ? diff.before : { ...diff.before, data: before },
      after: now === undefined ? diff.after : { ...diff.after, data: after },
    };
  }
  // Of what SOPS encrypted nothing but the keys can be compared.
  const [oldKeys, newKeys] = [old, now].map((data) => Object.keys(data ?? {}).toSorted());
  if (JSON.stringify(oldKeys) === JSON.stringify(newKeys)) return { change: { ...diff.change, action: "unchanged" } };
  return { ...diff, before: { ...diff.before, data: hidden(old) }, after: { ...diff.after, data: hidden(now) } };
}

function dataOf(object: KubeObject): JsonObject | undefined {
  return isJsonObject(object["data"]) ? object["data"] : undefined;
}

function hidden(data: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.keys(data ?? {}).map((key) => [key, "*****"]));
}

function isSopsMask(value: unknown): boolean {
  return typeof value === "string" && Buffer.from(value, "base64").toString("latin1").includes(SOPS_MASK);
}
