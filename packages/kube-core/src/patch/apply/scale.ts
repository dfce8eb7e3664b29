// SPDX-License-Identifier: Apache-2.0
import type { ManagedFieldsEntry } from "../../object.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, fieldSetOfPaths, hasPath, isEmptySet } from "./field-set.ts";
import type { Manager } from "./managers.ts";
import { decodeManagers, encodeManagers } from "./managers.ts";
import { fieldElement } from "./path-element.ts";

/** Where an object of a version keeps its replicas (`["spec", "replicas"]`); null: that version has no scale; undefined: unknown version. */
export type ReplicasPathLookup = (apiVersion: string) => readonly string[] | null | undefined;

const SCALE_VERSION = "autoscaling/v1";
const SCALE_PATH = ["f:spec", "f:replicas"];
const SCALE_SET: FieldSet = fieldSetOfPaths(["spec", "replicas"]);

/**
 * The managedFields of an object as its Scale shows them: only who owns the replicas, at the Scale's own path.
 *
 * @throws {KubeCoreError} INVALID_FIELD_SET
 * @see apimachinery util/managedfields ScaleHandler.ToSubresource
 */
export function managedFieldsForScale(
  entries: readonly ManagedFieldsEntry[] | undefined,
  pathOf: ReplicasPathLookup,
): readonly ManagedFieldsEntry[] | undefined {
  const scale = new Map<string, Manager>();
  for (const [key, manager] of decodeManagers(entries)) {
    const path = pathOf(manager.apiVersion);
    if (path === null || path === undefined || !hasPath(manager.set, path.map(fieldElement))) continue;
    scale.set(key, { ...manager, apiVersion: SCALE_VERSION, set: SCALE_SET });
  }
  return encodeManagers(scale, undefined);
}

/**
 * The managedFields of an object after its Scale was written: who owns the replicas there owns them here, who does not
 * any more has lost them.
 *
 * @param apiVersion the version of the object in which new owners are booked
 * @throws {KubeCoreError} INVALID_FIELD_SET
 * @see apimachinery util/managedfields ScaleHandler.ToParent
 */
export function managedFieldsFromScale(
  parentEntries: readonly ManagedFieldsEntry[] | undefined,
  scaleEntries: readonly ManagedFieldsEntry[] | undefined,
  pathOf: ReplicasPathLookup,
  apiVersion: string,
): readonly ManagedFieldsEntry[] | undefined {
  const parents = decodeManagers(parentEntries);
  const scales = new Map(decodeManagers(scaleEntries));
  const result = new Map<string, Manager>();
  for (const [key, manager] of parents) {
    const path = pathOf(manager.apiVersion);
    if (path === undefined) continue;
    // Only who applied is found again: an update is another manager in another version. It is booked anew below.
    const isKept = path === null || !hasPath(manager.set, path.map(fieldElement)) || scales.delete(key);
    const set = isKept ? manager.set : difference(manager.set, fieldSetOfPaths(path));
    if (!isEmptySet(set)) result.set(key, { ...manager, set });
  }
  const ownPath = pathOf(apiVersion);
  for (const [key, manager] of scales) {
    if (!hasPath(manager.set, SCALE_PATH) || ownPath === null || ownPath === undefined) continue;
    result.set(key, { ...manager, apiVersion, time: parents.get(key)?.time, set: fieldSetOfPaths(ownPath) });
  }
  return encodeManagers(result, parentEntries);
}
