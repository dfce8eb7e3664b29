// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import type { FieldSet, FieldSetDraft } from "./field-set.ts";
import { difference, EMPTY_SET, intersection, isEmptySet, LEAF, union } from "./field-set.ts";
import type { Manager, Managers } from "./managers.ts";
import type { MergeType } from "./merge-type.ts";
import { fieldNameOf } from "./path-element.ts";
import { removeItems } from "./remove-items.ts";
import { fieldSetOf } from "./field-set-of.ts";
import type { VersionLookup } from "./version.ts";

/**
 * Removes from the merged object what its applier applied before, does not apply any more, and nobody else owns. What
 * was only filled in below a removed item (defaults) goes with it; what else stands there stays.
 *
 * @param merged in the version of the request
 * @param previous what the applier owned before; undefined on its first apply
 * @param managers with the applier's new set
 * @see structured-merge-diff merge.Updater.prune
 */
export function pruneMerged(
  merged: KubeObject,
  previous: Manager | undefined,
  managers: Managers,
  applierVersion: string,
  versions: VersionLookup,
): KubeObject {
  if (previous === undefined || isEmptySet(previous.set)) return merged;
  const version = versions(previous.apiVersion);
  if (version === undefined) return merged;
  const before = version.convert(merged);
  const withoutOwned = removeItems(version.type, before, withNamedFields(version.type, previous.set)) as KubeObject;
  const withOthers = addBackOwned(before, withoutOwned, previous.apiVersion, managers, versions);
  const pruned = addBackDangling(version.type, before, version.convert(withOthers), previous.set);
  return pruned === before ? merged : (versions(applierVersion)?.convert(pruned) ?? pruned);
}

/** What anybody owns comes back, that of the pruned version first: conversions may need it. */
function addBackOwned(
  merged: KubeObject,
  pruned: KubeObject,
  prunedVersion: string,
  managers: Managers,
  versions: VersionLookup,
): KubeObject {
  const owned = new Map<string, FieldSet>([[prunedVersion, EMPTY_SET]]);
  for (const { apiVersion, set } of managers.values()) owned.set(apiVersion, union(owned.get(apiVersion) ?? EMPTY_SET, set));
  let result = pruned;
  for (const [apiVersion, set] of owned) {
    const version = versions(apiVersion);
    if (version === undefined) continue;
    const all = version.convert(merged);
    const left = version.convert(result);
    const allPaths = withNamedFields(version.type, fieldSetOf(version.type, all));
    const leftPaths = withNamedFields(version.type, fieldSetOf(version.type, left));
    const kept = union(leftPaths, withNamedFields(version.type, set));
    result = removeItems(version.type, all, difference(allPaths, kept)) as KubeObject;
  }
  return result;
}

/** What is gone now and was never the applier's comes back: nobody owned it, but nobody took it back either. */
function addBackDangling(type: MergeType, merged: KubeObject, pruned: KubeObject, previous: FieldSet): KubeObject {
  const prunedPaths = withNamedFields(type, fieldSetOf(type, pruned));
  const mergedPaths = withNamedFields(type, fieldSetOf(type, merged));
  const gone = intersection(difference(mergedPaths, prunedPaths), withNamedFields(type, previous));
  return removeItems(type, merged, gone) as KubeObject;
}

/** The set with every declared field on the way to its paths as a path of its own. */
function withNamedFields(type: MergeType, set: FieldSet): FieldSet {
  let result: FieldSetDraft | undefined;
  for (const element in set) {
    const node = set[element] as FieldSet;
    if (element === "." || isEmptySet(node)) continue;
    const name = fieldNameOf(element);
    const declared = name === undefined ? undefined : type.map?.field(name);
    const childType = name === undefined ? type.list?.element : (declared ?? type.map?.element);
    const below = childType === undefined ? node : withNamedFields(childType, node);
    const changed = declared !== undefined && below["."] === undefined ? { ".": LEAF, ...below } : below;
    if (changed !== node) (result ??= { ...set })[element] = changed;
  }
  return result ?? set;
}
