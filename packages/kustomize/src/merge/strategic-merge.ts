// SPDX-License-Identifier: Apache-2.0
import { wrongKind } from "../fieldspecs/apply-field-spec.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { Mapping } from "../mapping.ts";
import { dropKey, get, isMapping, isNull, isScalar, scalarText, setKey, spelledText } from "../mapping.ts";
import { mergeLists } from "./merge-lists.ts";
import type { MergeSchema, MergeSchemas } from "./merge-schema.ts";

/**
 * Applies a strategic merge patch: mappings field by field, lists of known kinds item by item (others are replaced),
 * `null` removes, `$patch: delete | replace | merge` as kustomize understands it. New items come first.
 *
 * @returns the merged value; undefined when the patch deletes it
 * @throws {KustomizeError} CANNOT_APPLY
 * @see kyaml merge2, Merge, with ListIncreaseDirection prepend
 */
export function strategicMerge(target: unknown, patch: unknown, schemas: MergeSchemas): unknown {
  return walk(target, patch, undefined, schemas);
}

type Kind = "mapping" | "sequence" | "scalar" | "none";

function kindOf(value: unknown): Kind {
  if (isNull(value)) return "none";
  if (Array.isArray(value)) return "sequence";
  return isMapping(value) ? "mapping" : "scalar";
}

/** Merges one value. Undefined stands for "not there", in and out. */
export function walk(target: unknown, patch: unknown, given: MergeSchema | undefined, schemas: MergeSchemas): unknown {
  const schema = given ?? embeddedSchema(target, schemas) ?? embeddedSchema(patch, schemas);
  const kind = isNull(target) ? kindOf(patch) : kindOf(target);
  requireKind(kind, target);
  requireKind(kind, patch);
  switch (kind) {
    case "sequence": {
      const isAssociative = schema !== undefined && schema.strategy.split(",").includes("merge");
      if (!isAssociative) return patch === undefined ? target : patch;
      return walkList(target, patch, schema, schemas);
    }
    case "scalar":
      return patch === undefined ? target : patch;
    case "mapping":
    case "none":
      return walkMapping(target, patch, schema, schemas);
  }
}

function requireKind(kind: Kind, value: unknown): void {
  if (isNull(value) || kind === "none" || kindOf(value) === kind) return;
  throw wrongKind(kind === "mapping" ? "MappingNode" : kind === "sequence" ? "SequenceNode" : "ScalarNode", value);
}

function embeddedSchema(value: unknown, schemas: MergeSchemas): MergeSchema | undefined {
  if (!isMapping(value)) return undefined;
  const kind = scalarText(get(value, "kind"));
  const apiVersion = scalarText(get(value, "apiVersion"));
  return kind === "" || apiVersion === "" ? undefined : schemas.of(apiVersion, kind);
}

function walkMapping(target: unknown, patch: unknown, schema: MergeSchema | undefined, schemas: MergeSchemas): unknown {
  const directive = isMapping(patch) ? takeDirective(patch, isNull(target)) : { strategy: "merge" as const, patch };
  const rest = directive.patch;
  let base: unknown;
  if (isNull(target)) {
    if (directive.strategy === "delete") return undefined;
    // A null that was spelled out stays; an empty one goes.
    if (patch === undefined) return target !== undefined && spelledText(target) !== "" ? target : undefined;
    base = rest;
  } else {
    if (patch !== undefined && isNull(patch)) return undefined;
    if (directive.strategy === "delete") return undefined;
    base = directive.strategy === "replace" ? rest : target;
  }
  if (!isMapping(base)) return base;
  return mergeFields(base, rest, schema, schemas);
}

function mergeFields(base: Mapping, patch: unknown, schema: MergeSchema | undefined, schemas: MergeSchemas): Mapping {
  let out = base;
  const keys = isMapping(patch) && patch !== base ? new Set([...Object.keys(base), ...Object.keys(patch)]) : Object.keys(base);
  for (const key of keys) {
    const old = get(base, key);
    const change = get(patch, key);
    // Untouched scalars are most of what there is.
    if (change === undefined && isScalar(old)) continue;
    const merged = walk(old, change, schema?.field(key), schemas);
    const isKept = merged !== undefined && (!isNull(merged) || (change === undefined && Object.hasOwn(base, key)));
    if (!isKept) out = dropKey(out, key);
    else if (merged !== old || !Object.hasOwn(out, key)) out = setKey(out, key, merged);
  }
  return out;
}

function walkList(target: unknown, patch: unknown, schema: MergeSchema, schemas: MergeSchemas): unknown {
  let rest: unknown = patch;
  let base: unknown;
  if (isNull(target)) base = patch;
  else {
    if (patch !== undefined && isNull(patch)) return undefined;
    const directive = Array.isArray(patch) ? takeListDirective(patch) : { strategy: "merge" as const, patch };
    rest = directive.patch;
    if (directive.strategy === "delete") return undefined;
    base = directive.strategy === "replace" ? rest : target;
  }
  if (!Array.isArray(base)) return undefined;
  return mergeLists(base, Array.isArray(rest) ? rest : undefined, schema.keys, (old, change) =>
    walk(old, change, schema.elements(), schemas),
  );
}

type Strategy = "merge" | "replace" | "delete";

/** The `$patch` of a mapping, and the mapping without it. */
function takeDirective(patch: Mapping, isLenient: boolean): { readonly strategy: Strategy; readonly patch: Mapping } {
  if (!Object.hasOwn(patch, "$patch")) return { strategy: "merge", patch };
  const strategy = scalarText(patch["$patch"]);
  if (strategy === "merge" || strategy === "replace" || strategy === "delete") return { strategy, patch: dropKey(patch, "$patch") };
  if (isLenient) return { strategy: "merge", patch };
  throw new KustomizeError("CANNOT_APPLY", `unknown patch strategy '${strategy}'`);
}

/** The `$patch` of a list: an item that holds nothing else. */
function takeListDirective(patch: readonly unknown[]): { readonly strategy: Strategy; readonly patch: readonly unknown[] } {
  const item = patch.find((one) => isMapping(one) && Object.hasOwn(one, "$patch"));
  if (!isMapping(item) || Object.keys(item).length > 1) return { strategy: "merge", patch };
  const strategy = scalarText(item["$patch"]);
  if (strategy !== "merge" && strategy !== "replace" && strategy !== "delete") {
    throw new KustomizeError("CANNOT_APPLY", `unknown patch strategy '${strategy}'`);
  }
  const rest = patch.filter(
    (one) => !isNull(one) && !(isMapping(one) && (Object.keys(one).length === 0 || scalarText(get(one, "$patch")) === strategy)),
  );
  return { strategy, patch: rest };
}
