// SPDX-License-Identifier: Apache-2.0
import { parseJson, parseYaml, YamlError } from "@flux-ts/kube-core";
import { KustomizeError } from "../kustomize-error.ts";
import type { FieldSpec } from "../kustomization.ts";
import type { Mapping } from "../mapping.ts";
import { get, isMapping } from "../mapping.ts";
import type { NameReference, TransformerConfig } from "./transformer-config.ts";
import { emptyConfig, mergeConfigs } from "./transformer-config.ts";

/**
 * What a file of `crds` (OpenAPI definitions with `x-kubernetes-…` notes) says about where names, labels and annotations
 * stand in custom resources.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION
 * @see kustomize internal/accumulator, LoadConfigFromCRDs
 */
export function readCrdConfig(source: string, path: string): TransformerConfig {
  const definitions = parse(source, path);
  let config = emptyConfig;
  for (const [name, definition] of Object.entries(definitions)) {
    const properties = propertiesOf(definition);
    if (!["kind", "apiVersion", "metadata"].every((key) => Object.hasOwn(properties, key))) continue;
    const kind = name.slice(name.lastIndexOf(".") + 1);
    config = mergeConfigs(config, configOf(definitions, name, kind, [], new Set()));
  }
  return config;
}

function parse(source: string, path: string): Mapping {
  try {
    const value = source.startsWith("{") ? parseJson(source) : parseYaml(source, { severalDocuments: "first" });
    if (isMapping(value) && Object.values(value).every((definition) => definition === null || isMapping(definition))) return value;
  } catch (cause) {
    if (!(cause instanceof YamlError || cause instanceof SyntaxError)) throw cause;
    throw new KustomizeError("INVALID_KUSTOMIZATION", `unable to parse open API definition from '${path}': ${cause.message}`, {
      path,
      cause,
    });
  }
  const problem =
    "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type accumulator.OpenAPIDefinition";
  throw new KustomizeError("INVALID_KUSTOMIZATION", `unable to parse open API definition from '${path}': ${problem}`, { path });
}

/** Field names of Go structs match in any case. */
function propertiesOf(definition: unknown): Mapping {
  const schema = get(definition, "Schema") ?? get(definition, "schema");
  const properties = get(schema, "properties");
  return isMapping(properties) ? properties : {};
}

function configOf(definitions: Mapping, name: string, kind: string, path: readonly string[], seen: ReadonlySet<string>): TransformerConfig {
  let config = emptyConfig;
  const add = (part: Partial<TransformerConfig>): void => {
    config = mergeConfigs(config, { ...emptyConfig, ...part });
  };
  for (const [field, property] of Object.entries(propertiesOf(get(definitions, name)))) {
    const at = [...path, field];
    const note = (key: string): string | undefined => {
      const value = get(property, `x-kubernetes-${key}`);
      return typeof value === "string" ? value : undefined;
    };
    const here = fieldAt(kind, at);
    if (note("annotation") !== undefined) add({ commonAnnotations: [here] });
    if (note("label-selector") !== undefined) add({ commonLabels: [here] });
    if (note("identity") !== undefined) add({ namePrefix: [here] });
    const version = note("object-ref-api-version");
    const target = note("object-ref-kind");
    if (version !== undefined && target !== undefined) {
      const reference: NameReference = {
        group: "",
        version,
        kind: target,
        fieldSpecs: [fieldAt(kind, [...at, note("object-ref-name-key") ?? "name"])],
      };
      add({ nameReference: [reference] });
    }
    const ref = get(property, "$ref");
    // A definition that refers to itself has no end.
    if (typeof ref === "string" && !seen.has(ref)) {
      config = mergeConfigs(config, configOf(definitions, ref, kind, at, new Set([...seen, ref])));
    }
  }
  return config;
}

function fieldAt(kind: string, path: readonly string[]): FieldSpec {
  return { group: "", version: "", kind, path: path.join("/"), create: false };
}
