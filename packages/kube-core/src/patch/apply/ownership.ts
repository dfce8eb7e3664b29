// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import type { Comparison } from "./compare.ts";
import { changedPaths, compareValues } from "./compare.ts";
import type { ApplyConflict } from "./conflicts.ts";
import { conflictsOf } from "./conflicts.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, EMPTY_SET, fieldSetOfPaths, intersection, isEmptySet, recursiveDifference } from "./field-set.ts";
import type { Manager, Managers } from "./managers.ts";
import { reconcileSet } from "./reconcile-schema.ts";
import type { VersionLookup } from "./version.ts";

/** The managers by today's schemas; those of versions that are not served stay as they are, to be dropped later. */
export function reconcileManagers(managers: Managers, versions: VersionLookup): Managers {
  let result: Map<string, Manager> | undefined;
  for (const [key, manager] of managers) {
    const version = versions(manager.apiVersion);
    if (version?.type.seen?.has(manager.set) === true) continue;
    // Who used a version that is gone owns nothing any more.
    const set = version === undefined ? EMPTY_SET : reconcileSet(version.type, manager.set);
    if (version !== undefined && set === manager.set) {
      version.type.seen?.add(set);
      continue;
    }
    result ??= new Map(managers);
    if (version === undefined) result.delete(key);
    else result.set(key, { ...manager, set });
  }
  return result ?? managers;
}

/** What a write does to the others: whose paths it changes, and what is left to them when it does. */
export interface Takeover {
  /** Differences in the version of the request, without what it cannot set. */
  readonly comparison: Comparison;
  readonly conflicts: readonly ApplyConflict[];
  /** Everybody, the writer unchanged, the others without what changed or went. */
  readonly managers: Managers;
}

/**
 * Compares the object before and after a write, in every version that somebody used.
 *
 * @param writer the key of who writes, whom nothing is taken from; undefined: nobody is spared
 * @param apiVersion the version of the request; both objects are in it
 * @see structured-merge-diff merge.Updater.update
 */
export function takeOver(
  before: KubeObject,
  after: KubeObject,
  managers: Managers,
  writer: string | undefined,
  apiVersion: string,
  versions: VersionLookup,
): Takeover {
  const comparisons = new Map<string, Comparison>();
  const compareAt = (version: string): Comparison => {
    const known = comparisons.get(version);
    if (known !== undefined) return known;
    const comparison = compareIn(version, version === apiVersion, before, after, versions);
    comparisons.set(version, comparison);
    return comparison;
  };
  const conflicts: ApplyConflict[] = [];
  const left = new Map<string, Manager>();
  for (const [key, manager] of managers) {
    if (key === writer) {
      left.set(key, manager);
      continue;
    }
    const comparison = compareAt(manager.apiVersion);
    const taken = intersection(manager.set, changedPaths(comparison));
    if (!isEmptySet(taken)) conflicts.push(...conflictsOf(manager, taken));
    const set = difference(difference(manager.set, taken), comparison.removed);
    if (!isEmptySet(set)) left.set(key, set === manager.set ? manager : { ...manager, set });
  }
  return { comparison: compareAt(apiVersion), conflicts, managers: left };
}

function compareIn(apiVersion: string, isOwn: boolean, before: KubeObject, after: KubeObject, versions: VersionLookup): Comparison {
  const version = versions(apiVersion);
  if (version === undefined) return { added: EMPTY_SET, modified: EMPTY_SET, removed: EMPTY_SET };
  const { type, resetFields } = version;
  const comparison = isOwn ? compareValues(type, before, after) : compareValues(type, version.convert(before), version.convert(after));
  if (resetFields === undefined) return comparison;
  return {
    added: recursiveDifference(comparison.added, resetFields),
    modified: recursiveDifference(comparison.modified, resetFields),
    removed: recursiveDifference(comparison.removed, resetFields),
  };
}

const IDENTITY: FieldSet = fieldSetOfPaths(
  ["apiVersion"],
  ["kind"],
  ["metadata"],
  ["metadata", "name"],
  ["metadata", "namespace"],
  ["metadata", "creationTimestamp"],
  ["metadata", "selfLink"],
  ["metadata", "uid"],
  ["metadata", "clusterName"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
);

/** The set without what names the object and what the server writes: nobody owns that. */
export function withoutIdentity(set: FieldSet): FieldSet {
  return difference(set, IDENTITY);
}
