// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlError, YamlPlaces } from "@flux-ts/kube-core";
import type { BuildCache } from "./incremental/build-cache.ts";
import type { OriginNode, TextPlace } from "./explain/field-origin.ts";
import { originsOfText } from "./explain/field-origin.ts";
import { KustomizeError } from "./kustomize-error.ts";
import type { Mapping } from "./mapping.ts";
import { get, isEmpty, isMapping, isNull, scalarText } from "./mapping.ts";
import { plainValue } from "./plain-value.ts";
import { Resource } from "./resource.ts";

export interface ReadOptions {
  /** For messages. */
  readonly path?: string | undefined;
  /** Keys of resources must be text; those of patches may look otherwise, since they are only looked up. */
  readonly kind?: "resources" | "patches";
  /** Keeps what was parsed for the next build with the same text. Of no use with `place`. */
  readonly cache?: BuildCache | undefined;
  /** Where the text stands, when the origin of its fields is wanted. */
  readonly place?: TextPlace | undefined;
}

/** The origins of documents and of the items of lists. */
type Origins = Map<unknown, OriginNode>;

/**
 * The resources of a YAML text, in order. Lists (`List`, `ConfigMapList` …) are replaced by their items, which come after
 * what follows the list. Documents without content are left out.
 *
 * @throws {KustomizeError} INVALID_RESOURCE
 * @see kyaml kio, ByteReader; kustomize resource, SliceFromBytes
 */
export function readResources(text: string, options: ReadOptions = {}): Resource[] {
  const { place, cache } = options;
  if (cache !== undefined && place === undefined && options.kind !== "patches")
    return cache.parse(text, () => readObjects(text, options, undefined)).map((object) => asResource(object));
  const origins: Origins | undefined = place === undefined ? undefined : new Map();
  const duplicates: Map<object, YamlError> | undefined = options.kind === "patches" ? new Map() : undefined;
  const resources = readObjects(text, options, origins, duplicates).map((object) => asResource(object, origins));
  if (duplicates !== undefined && duplicates.size > 0) for (const resource of resources) resource.duplicates = duplicates;
  return resources;
}

function readObjects(
  text: string,
  options: ReadOptions,
  origins: Origins | undefined,
  duplicates?: Map<object, YamlError>,
): readonly Mapping[] {
  const documents = readDocuments(text, options, origins, duplicates);
  for (const document of documents) requireValid(document, options.path);
  return inlineLists(documents, options.path, origins);
}

function readDocuments(
  text: string,
  { path, place }: ReadOptions,
  origins: Origins | undefined,
  duplicates: Map<object, YamlError> | undefined,
): Mapping[] {
  const parts = splitDocuments(text, path);
  const out: unknown[] = [];
  for (const part of parts) {
    const places = place === undefined ? undefined : new YamlPlaces();
    const value = parseFirst(part, path, duplicates, places);
    if (isNull(value)) continue;
    if (place !== undefined && places !== undefined) {
      origins?.set(value, originsOfText(value, places, { ...place, firstLine: place.firstLine + part.line }));
    }
    const kind = scalarText(get(value, "kind"));
    if (
      parts.length === 1 &&
      (kind === "List" || kind === "ResourceList") &&
      isMapping(value) &&
      (Object.hasOwn(value, "items") || Object.hasOwn(value, "functionConfig"))
    ) {
      const items = value["items"];
      noteItems(value, items, origins);
      if (Array.isArray(items)) for (const item of items as unknown[]) out.push(item);
      continue;
    }
    out.push(value);
  }
  return out.filter((value): value is Mapping => !isEmpty(value));
}

/** Text between lines that start with `---`; only a comment may follow on such a line. */
function splitDocuments(text: string, path: string | undefined): { readonly text: string; readonly line: number }[] {
  if (text === "") return [];
  const source = text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
  if (!source.includes("\n---")) return [{ text: source, line: 0 }];
  const parts: { text: string; line: number }[] = [];
  let start = 0;
  let line = 0;
  const separator = /\n---.*\n/g;
  for (let match = separator.exec(source); match !== null; match = separator.exec(source)) {
    const rest = match[0].slice(4).trim();
    if (rest !== "" && !rest.startsWith("#")) {
      throw new KustomizeError("INVALID_RESOURCE", `invalid document separator: ${match[0].trim()}`, path === undefined ? {} : { path });
    }
    const part = source.slice(start, match.index + 1);
    parts.push({ text: part, line });
    line += countLines(part) + 1;
    start = match.index + match[0].length;
  }
  parts.push({ text: source.slice(start), line });
  return parts;
}

function countLines(text: string): number {
  let count = 0;
  for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1)) count++;
  return count;
}

/** The first document of a text; what follows it is not looked at. */
function parseFirst(
  { text, line }: { readonly text: string; readonly line: number },
  path: string | undefined,
  duplicates: Map<object, YamlError> | undefined,
  places: YamlPlaces | undefined,
): unknown {
  try {
    return parseYaml(text, {
      flavour: "kyaml",
      keepSpelling: true,
      severalDocuments: "first",
      keysByText: duplicates !== undefined,
      ...(duplicates === undefined ? {} : { duplicates }),
      ...(places === undefined ? {} : { places }),
    });
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new KustomizeError("INVALID_RESOURCE", `MalformedYAMLError: ${cause.message}${path === undefined ? "" : ` in File: ${path}`}`, {
      ...(path === undefined ? {} : { path }),
      ...(cause.line === undefined ? {} : { line: line + cause.line }),
      cause,
    });
  }
}

/** @throws {KustomizeError} INVALID_RESOURCE for an object without kind or name @see kyaml, GetValidatedMetadata */
export function requireValid(value: unknown, path: string | undefined): void {
  const kind = scalarText(get(value, "kind"));
  const metadata = get(value, "metadata");
  const details = path === undefined ? {} : { path };
  if (isEmpty(get(value, "apiVersion")) && isEmpty(get(value, "kind")) && isEmpty(metadata)) {
    throw new KustomizeError("INVALID_RESOURCE", "missing Resource metadata", details);
  }
  if (kind === "") throw new KustomizeError("INVALID_RESOURCE", `missing kind in object ${describe(value)}`, details);
  if (kind.endsWith("List")) return;
  if (scalarText(get(metadata, "name")) === "") {
    throw new KustomizeError("INVALID_RESOURCE", `missing metadata.name in object ${describe(value)}`, details);
  }
}

/** As Go prints the metadata of a resource. */
function describe(value: unknown): string {
  const metadata = get(value, "metadata");
  const map = (field: string): string => {
    const entries = get(metadata, field);
    const pairs = Object.entries(isMapping(entries) ? entries : {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `map[${pairs.map(([key, one]) => `${key}:${scalarText(one)}`).join(" ")}]`;
  };
  const part = (of: unknown, field: string): string => scalarText(get(of, field));
  const type = `{${part(value, "apiVersion")} ${part(value, "kind")}}`;
  return `{${type} {{${part(metadata, "name")} ${part(metadata, "namespace")}} ${map("labels")} ${map("annotations")}}}`;
}

/** The items of a list come from where they stand in it. */
function noteItems(list: unknown, items: unknown, origins: Origins | undefined): void {
  const node = origins?.get(list)?.fields?.get("items");
  if (!Array.isArray(items)) return;
  for (const [index, item] of items.entries()) {
    const own = node?.items?.[index];
    if (own !== undefined) origins?.set(item, own);
  }
}

function inlineLists(documents: readonly Mapping[], path: string | undefined, origins: Origins | undefined): Mapping[] {
  const queue = [...documents];
  const out: Mapping[] = [];
  for (let index = 0; index < queue.length; index++) {
    const object = queue[index] ?? {};
    const kind = scalarText(get(object, "kind"));
    if (!kind.endsWith("List") || !Object.hasOwn(object, "items")) {
      out.push(object);
      continue;
    }
    const items = object["items"];
    if (isNull(items)) continue;
    if (!Array.isArray(items)) {
      throw new KustomizeError("INVALID_RESOURCE", `expected array in ${kind}/items`, path === undefined ? {} : { path });
    }
    noteItems(object, items, origins);
    for (const item of items as unknown[]) {
      if (isEmpty(item)) continue;
      requireValid(item, path);
      const plain = plainValue(item) as Mapping;
      const node = origins?.get(item);
      if (node !== undefined) origins?.set(plain, node);
      queue.push(plain);
    }
  }
  return out;
}

/** Upstream remembers earlier names in annotations, which a file may hold already. */
function asResource(object: Mapping, origins?: Origins): Resource {
  const resource = new Resource(object);
  const node = origins?.get(object);
  if (node !== undefined) resource.trace = { object, node };
  const annotations = get(get(object, "metadata"), "annotations");
  const names = get(annotations, "internal.config.kubernetes.io/previousNames");
  if (names === undefined) return resource;
  const list = (key: string): string[] => scalarText(get(annotations, `internal.config.kubernetes.io/${key}`)).split(",");
  const [namespaces, kinds] = [list("previousNamespaces"), list("previousKinds")];
  resource.previous = scalarText(names)
    .split(",")
    .map((name, index) => ({ name, namespace: namespaces[index] ?? "", kind: kinds[index] ?? "" }));
  return resource;
}
