// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "../../json.ts";
import type { KubeObject, ManagedFieldsEntry } from "../../object.ts";
import type { FieldSet } from "./field-set.ts";
import { sameSet } from "./field-set.ts";
import { managedFieldsOf, withoutManagedFields } from "./with-managed-fields.ts";

/** Whether two versions of an object differ in nothing but the times of their managers: such a write is none. */
export function isSameButManagerTimes(before: KubeObject, after: KubeObject): boolean {
  if (before === after) return true;
  const left = managedFieldsOf(before) ?? [];
  const right = managedFieldsOf(after) ?? [];
  if (left !== right) {
    if (left.length !== right.length) return false;
    const matches = left.every((entry) => right.some((other) => isSameEntry(entry, other)));
    if (!matches) return false;
  }
  return deepEqual(withoutManagedFields(before), withoutManagedFields(after));
}

function isSameEntry(left: ManagedFieldsEntry, right: ManagedFieldsEntry): boolean {
  return (
    left.manager === right.manager &&
    left.operation === right.operation &&
    left.apiVersion === right.apiVersion &&
    left.subresource === right.subresource &&
    sameSet((left.fieldsV1 ?? {}) as FieldSet, (right.fieldsV1 ?? {}) as FieldSet)
  );
}
