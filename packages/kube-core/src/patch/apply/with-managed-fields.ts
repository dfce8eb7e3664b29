// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ManagedFieldsEntry } from "../../object.ts";

/** What stands in `metadata.managedFields`, if anything does. */
export function managedFieldsOf(object: KubeObject | undefined): readonly ManagedFieldsEntry[] | undefined {
  return object?.metadata?.managedFields;
}

/** The object without `metadata.managedFields`; the object itself when it has none. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (managedFieldsOf(object) === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The object with these entries, undefined for none; the object itself when they are its own. */
export function withManagedFields(object: KubeObject, entries: readonly ManagedFieldsEntry[] | undefined): KubeObject {
  if (managedFieldsOf(object) === entries) return object;
  if (entries === undefined) return withoutManagedFields(object);
  return { ...object, metadata: { ...object.metadata, managedFields: entries } };
}
