// SPDX-License-Identifier: Apache-2.0
import { applyFieldSpec, setScalar } from "../fieldspecs/apply-field-spec.ts";
import type { FieldSpec } from "../kustomization.ts";
import { scalarText } from "../mapping.ts";
import type { ResourceId } from "../resource-id.ts";
import { isSelected } from "../resource-id.ts";
import type { Transformer } from "./transformer.ts";

export interface AffixOptions {
  readonly prefix: string;
  readonly suffix: string;
  readonly fieldSpecs: readonly FieldSpec[];
}

/**
 * Puts a prefix or a suffix around names. Names that mean something stay: CustomResourceDefinitions, APIServices and
 * Namespaces.
 *
 * @see kustomize PrefixTransformer, SuffixTransformer
 */
export function addAffix({ prefix, suffix, fieldSpecs }: AffixOptions): Transformer {
  const set = (old: unknown): unknown => setScalar(`${prefix}${scalarText(old)}${suffix}`)(old);
  return (resources) => {
    for (const resource of resources.list) {
      const id = resource.originalId;
      if (keepsName(id)) continue;
      for (const spec of fieldSpecs) {
        if (!isSelected(id, spec)) continue;
        if (spec.path === "metadata/name") {
          if (prefix !== "") resource.prefixes = [...resource.prefixes, prefix];
          if (suffix !== "") resource.suffixes = [...resource.suffixes, suffix];
          if (prefix !== "" || suffix !== "") resource.rememberId();
        }
        resource.object = applyFieldSpec(resource.object, spec, set, "scalar");
      }
    }
  };
}

function keepsName({ group, kind }: ResourceId): boolean {
  return kind === "CustomResourceDefinition" || kind === "Namespace" || (kind === "APIService" && group === "apiregistration.k8s.io");
}
