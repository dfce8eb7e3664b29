// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlError } from "@flux-ts/kube-core";
import { KustomizeError } from "../kustomize-error.ts";
import type { Mapping } from "../mapping.ts";
import { get, isMapping } from "../mapping.ts";
import type { MergeSchema, MergeSchemas } from "./merge-schema.ts";

/**
 * The schemas of an OpenAPI document (`openapi.path`): kinds are its definitions with `x-kubernetes-group-version-kind`.
 *
 * @param others what the document adds to; undefined when it stands alone
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION
 */
export function openApiSchemas(source: string, path: string, others: MergeSchemas | undefined): MergeSchemas {
  const document = parse(source, path);
  const definitions = get(document, "definitions");
  const byKind = new Map<string, Mapping>();
  for (const definition of Object.values(isMapping(definitions) ? definitions : {})) {
    const kinds = get(definition, "x-kubernetes-group-version-kind");
    if (!isMapping(definition) || !Array.isArray(kinds)) continue;
    for (const entry of kinds as unknown[]) {
      const [group, version, kind] = ["group", "version", "kind"].map((key) => get(entry, key));
      if (typeof version !== "string" || typeof kind !== "string") continue;
      byKind.set(`${typeof group === "string" && group !== "" ? `${group}/` : ""}${version} ${kind}`, definition);
    }
  }
  return {
    of(apiVersion, kind) {
      const definition = byKind.get(`${apiVersion} ${kind}`);
      return definition === undefined ? others?.of(apiVersion, kind) : schemaOf(definition, definitions, others);
    },
    definition(name) {
      const definition = get(definitions, name);
      return isMapping(definition) ? schemaOf(definition, definitions, others) : others?.definition(name);
    },
  };
}

function parse(source: string, path: string): unknown {
  try {
    return parseYaml(source);
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new KustomizeError("INVALID_KUSTOMIZATION", `invalid schema file: ${cause.message}`, { path, cause });
  }
}

/** What stands beside a reference counts for the field itself; what it refers to for what is below it. */
function schemaOf(raw: Mapping, definitions: unknown, others: MergeSchemas | undefined): MergeSchema {
  const { schema: target, name: missing } = resolve(raw, definitions);
  const foreign = missing === undefined ? undefined : others?.definition(missing);
  const strategy = get(raw, "x-kubernetes-patch-strategy");
  const mapKeys = get(raw, "x-kubernetes-list-map-keys");
  const mergeKey = get(raw, "x-kubernetes-patch-merge-key");
  const inner = (schema: unknown): MergeSchema | undefined => (isMapping(schema) ? schemaOf(schema, definitions, others) : undefined);
  const keys = Array.isArray(mapKeys) ? mapKeys.filter((key) => typeof key === "string") : typeof mergeKey === "string" ? [mergeKey] : [];
  return {
    strategy: typeof strategy === "string" ? strategy : "",
    keys: typeof strategy === "string" ? keys : [],
    field(name) {
      if (foreign !== undefined) return foreign.field(name);
      const properties = get(target, "properties");
      return isMapping(properties) && Object.hasOwn(properties, name)
        ? inner(properties[name])
        : inner(get(target, "additionalProperties"));
    },
    elements: () => (get(target, "type") === "array" ? inner(get(target, "items")) : undefined),
  };
}

/** What a schema refers to in the end; the name of a definition that is not in the document. */
function resolve(raw: Mapping, definitions: unknown): { readonly schema: Mapping; readonly name?: string } {
  let schema = raw;
  // A chain of references that does not end is no schema.
  for (let hops = 0; hops < 100; hops++) {
    const reference = get(schema, "$ref");
    if (typeof reference !== "string") return { schema };
    const name = reference
      .replace(/^#\/definitions\//, "")
      .replaceAll("~1", "/")
      .replaceAll("~0", "~");
    const target = get(definitions, name);
    if (!isMapping(target)) return { schema: {}, name };
    schema = target;
  }
  return { schema: {} };
}
