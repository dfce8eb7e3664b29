// SPDX-License-Identifier: Apache-2.0
import { parseApiVersion } from "@flux-ts/kube-core";
import { definitions, groupNames, metadataOnly } from "./schema-table.ts";

/** What is known of a field for merging a patch into it. */
export interface MergeSchema {
  /** How a patch of the list or map is merged: `merge`, `retainKeys`, `replace`, joined by commas; empty for none. */
  readonly strategy: string;
  /** By which fields the items of a list are told apart; none for a list of scalars. */
  readonly keys: readonly string[];
  field(name: string): MergeSchema | undefined;
  /** Of the items of a list. */
  elements(): MergeSchema | undefined;
}

/** Finds the schema of a kind. */
export interface MergeSchemas {
  of(apiVersion: string, kind: string): MergeSchema | undefined;
  /** The schema of an OpenAPI definition, such as `io.k8s.api.core.v1.PodSpec`. */
  definition(name: string): MergeSchema | undefined;
}

const metadataFields = "metadata>meta.v1.ObjectMeta";

/** The schemas of the kinds that are built into Kubernetes. */
export function builtInSchemas(): MergeSchemas {
  const known = new Map<string, ReadonlyMap<string, TableField>>();
  const fieldsOf = (name: string): ReadonlyMap<string, TableField> | undefined => {
    const parsed = known.get(name);
    if (parsed !== undefined) return parsed;
    const source = metadataOnly.has(name) ? metadataFields : definitions.get(name);
    if (source === undefined) return undefined;
    const fields = new Map(source.split(" ").map(parseField));
    known.set(name, fields);
    return fields;
  };
  const schemaOf = (name: string): MergeSchema | undefined => {
    const fields = fieldsOf(name);
    return fields === undefined ? undefined : tableSchema(fields, "", [], schemaOf);
  };
  return {
    definition: (name) => schemaOf(name.replace(/^io\.k8s\.(?:api|[a-z-]+\.pkg\.apis)\./, "")),
    of(apiVersion, kind) {
      const { group, version } = parseApiVersion(apiVersion);
      const prefix = groupNames.get(group);
      return prefix === undefined || kind.endsWith("Spec") ? undefined : schemaOf(`${prefix}.${version}.${kind}`);
    },
  };
}

interface TableField {
  readonly shape: "" | "[]" | "{}";
  readonly type: string | undefined;
  readonly strategy: string;
  readonly keys: readonly string[];
}

function parseField(text: string): [string, TableField] {
  const [left = "", merge = ""] = text.split("!");
  const [name = "", type] = left.split(">");
  const [strategy = "", keys = ""] = merge.split(":");
  const shape = name.endsWith("[]") ? "[]" : name.endsWith("{}") ? "{}" : "";
  return [name.slice(0, name.length - shape.length), { shape, type, strategy, keys: keys === "" ? [] : keys.split(",") }];
}

function tableSchema(
  fields: ReadonlyMap<string, TableField>,
  strategy: string,
  keys: readonly string[],
  schemaOf: (name: string) => MergeSchema | undefined,
): MergeSchema {
  return {
    strategy,
    keys,
    elements: () => undefined,
    field(name) {
      const field = fields.get(name);
      if (field === undefined) return undefined;
      const inner = (): MergeSchema | undefined => (field.type === undefined ? undefined : schemaOf(field.type));
      if (field.shape === "") {
        const target = inner();
        return { strategy: field.strategy, keys: field.keys, field: (key) => target?.field(key), elements: () => undefined };
      }
      return {
        strategy: field.strategy,
        keys: field.keys,
        field: field.shape === "{}" ? inner : () => undefined,
        elements: field.shape === "[]" ? inner : () => undefined,
      };
    },
  };
}
