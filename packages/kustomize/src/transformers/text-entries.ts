// SPDX-License-Identifier: Apache-2.0
import { applyFieldSpec, setEntry } from "../fieldspecs/apply-field-spec.ts";
import type { FieldSpec } from "../kustomization.ts";
import type { Mapping } from "../mapping.ts";
import type { Transformer } from "./transformer.ts";

/** Sets labels or annotations wherever the field specs say. @see kustomize filters/labels, filters/annotations */
export function setTextEntries(entries: Mapping, fieldSpecs: readonly FieldSpec[]): Transformer {
  const keys = Object.keys(entries).toSorted();
  return (resources) => {
    for (const resource of resources.list) {
      for (const key of keys) {
        const set = setEntry(key, entries[key]);
        for (const spec of fieldSpecs) resource.object = applyFieldSpec(resource.object, spec, set, "mapping");
      }
    }
  };
}
