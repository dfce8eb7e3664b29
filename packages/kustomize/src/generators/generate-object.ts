// SPDX-License-Identifier: Apache-2.0
import { KustomizeError } from "../kustomize-error.ts";
import type { GeneratorArgs, GeneratorOptions } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import type { Mapping } from "../mapping.ts";
import { mappingOf, setKey } from "../mapping.ts";
import type { GeneratorBehavior } from "../resource.ts";
import { Resource } from "../resource.ts";
import { requireTextKey } from "../text-key.ts";
import { encodeBase64 } from "./base64.ts";
import type { KeyValues } from "./key-values.ts";
import { loadKeyValues } from "./key-values.ts";

/** The ConfigMap of an entry of `configMapGenerator`. @see kustomize internal/generators, MakeConfigMap */
export function generateConfigMap(args: GeneratorArgs, loader: Loader): Resource {
  const base = baseObject("ConfigMap", args);
  return generated({ ...base, ...configMapData(loadKeyValues(args, loader)) }, args);
}

/** The Secret of an entry of `secretGenerator`. @see kustomize internal/generators, MakeSecret */
export function generateSecret(args: GeneratorArgs, loader: Loader): Resource {
  const base = { ...baseObject("Secret", args), type: args.type === "" ? "Opaque" : args.type };
  const data = mappingOf(sortedEntries(loadKeyValues(args, loader)).map(([key, value]) => [key, encodeBase64(value)]));
  return generated({ ...base, data }, args);
}

function baseObject(kind: string, { name, namespace }: GeneratorArgs): Mapping {
  if (name === "") throw new KustomizeError("INVALID_KUSTOMIZATION", "a configmap must have a name");
  return { apiVersion: "v1", kind, metadata: { name, ...(namespace === "" ? {} : { namespace }) } };
}

function sortedEntries(values: KeyValues): [string, Uint8Array | string][] {
  for (const key of values.keys()) requireTextKey(key);
  return [...values].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function configMapData(values: KeyValues): Mapping {
  const text: [string, string][] = [];
  const binary: [string, string][] = [];
  for (const [key, value] of sortedEntries(values)) {
    const decoded = typeof value === "string" ? value : decodeUtf8(value);
    if (decoded === undefined) binary.push([key, encodeBase64(value)]);
    else text.push([key, decoded]);
  }
  return {
    ...(text.length === 0 ? {} : { data: mappingOf(text) }),
    ...(binary.length === 0 ? {} : { binaryData: mappingOf(binary) }),
  };
}

/** Undefined for what is no UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function generated(object: Mapping, args: GeneratorArgs): Resource {
  const resource = new Resource(withOptions(object, args.options));
  resource.needsHash = args.options?.disableNameSuffixHash !== true;
  resource.behavior = behaviorOf(args.behavior);
  return resource;
}

function behaviorOf(text: string): GeneratorBehavior {
  return text === "replace" || text === "merge" || text === "create" ? text : "unspecified";
}

function withOptions(object: Mapping, options: GeneratorOptions | undefined): Mapping {
  if (options === undefined) return object;
  const { labels = {}, annotations = {} } = options;
  for (const key of [...Object.keys(labels), ...Object.keys(annotations)]) requireTextKey(key);
  let metadata = object["metadata"] as Mapping;
  if (Object.keys(labels).length > 0) metadata = setKey(metadata, "labels", labels);
  if (Object.keys(annotations).length > 0) metadata = setKey(metadata, "annotations", annotations);
  return { ...object, metadata, ...(options.immutable ? { immutable: true } : {}) };
}

/** The options of one generator, completed by those of all. A flag that is set for all cannot be unset for one. */
export function mergeGeneratorOptions(own: GeneratorOptions | undefined, all: GeneratorOptions | undefined): GeneratorOptions | undefined {
  if (all === undefined) return own;
  const labels = mergedMaps(all.labels, own?.labels);
  const annotations = mergedMaps(all.annotations, own?.annotations);
  return {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    disableNameSuffixHash: all.disableNameSuffixHash || own?.disableNameSuffixHash === true,
    immutable: all.immutable || own?.immutable === true,
  };
}

function mergedMaps(first: Mapping | undefined, second: Mapping | undefined): Mapping | undefined {
  return first === undefined && second === undefined ? undefined : { ...first, ...second };
}
