// SPDX-License-Identifier: Apache-2.0
import { retrace } from "../explain/retrace.ts";
import { treeSource } from "../explain/field-source.ts";
import type { Mapping } from "../mapping.ts";
import { dropKey, get, isMapping, isNull, mappingOf, scalarText, setKey } from "../mapping.ts";
import type { Resource } from "../resource.ts";
import { requireTextKey } from "../text-key.ts";

/**
 * What a generated ConfigMap or Secret becomes that meets an older one: it keeps the old name, labels and annotations
 * (its own win) and, when it merges, the old data.
 *
 * @see kustomize resmap, appendReplaceOrMerge
 */
export function mergeGenerated(old: Resource, generated: Resource): Resource {
  const merged = generated.copy();
  merged.setTextMap("labels", { ...old.labels, ...generated.labels });
  merged.setTextMap("annotations", { ...old.annotations, ...generated.annotations });
  merged.setMeta("name", old.name);
  if (old.namespace === "") merged.dropMeta("namespace");
  else merged.setMeta("namespace", old.namespace);
  merged.previous = old.previous;
  merged.prefixes = old.prefixes;
  merged.suffixes = old.suffixes;
  merged.behavior = old.behavior;
  merged.needsHash = old.needsHash && generated.needsHash;
  merged.vars = old.vars;
  if (generated.behavior === "merge") {
    merged.origin = old.origin ?? generated.origin;
    merged.object = withMergedText(withMergedText(merged.object, old.object, "data"), old.object, "binaryData");
  }
  if (merged.trace !== undefined && old.trace !== undefined) {
    const { object, node } = merged.trace;
    merged.trace = { object: merged.object, node: retrace(object, merged.object, node, treeSource(old.trace.object, old.trace.node)) };
  }
  return merged;
}

function withMergedText(object: Mapping, old: Mapping, field: string): Mapping {
  const both: Mapping = { ...texts(get(old, field)), ...texts(get(object, field)) };
  for (const key of Object.keys(both)) requireTextKey(key);
  return Object.keys(both).length === 0 ? dropKey(object, field) : setKey(object, field, both);
}

function texts(value: unknown): Mapping {
  if (!isMapping(value)) return {};
  return mappingOf(Object.entries(value).map(([key, child]) => [key, isNull(child) ? "" : scalarText(child)]));
}
