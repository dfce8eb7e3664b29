// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlError } from "@flux-ts/kube-core";
import { KustomizeError } from "./kustomize-error.ts";
import type { Mapping } from "./mapping.ts";
import { get, isEmpty, isMapping, isNull, scalarText } from "./mapping.ts";
import { plainValue } from "./plain-value.ts";
import { Resource } from "./resource.ts";

/**
 * The resources of a YAML text, in order. Lists (`List`, `ConfigMapList` …) are replaced by their items, which come after
 * what follows the list. Documents without content are left out.
 *
 * @param kind keys of resources must be text; those of patches may look otherwise, since they are only looked up
 * @throws {KustomizeError} INVALID_RESOURCE
 * @see kyaml kio, ByteReader; kustomize resource, SliceFromBytes
 */
export function readResources(text: string, path?: string, kind: "resources" | "patches" = "resources"): Resource[] {
  const documents = readDocuments(text, path, kind === "patches");
  for (const document of documents) requireValid(document, path);
  return inlineLists(documents, path).map(asResource);
}

function readDocuments(text: string, path: string | undefined, takesAnyKey: boolean): Mapping[] {
  const parts = splitDocuments(text, path);
  const out: unknown[] = [];
  for (const part of parts) {
    const value = parseFirst(part.text, part.line, path, takesAnyKey);
    if (isNull(value)) continue;
    const kind = scalarText(get(value, "kind"));
    if (
      parts.length === 1 &&
      (kind === "List" || kind === "ResourceList") &&
      isMapping(value) &&
      (Object.hasOwn(value, "items") || Object.hasOwn(value, "functionConfig"))
    ) {
      const items = value["items"];
      if (Array.isArray(items)) out.push(...(items as unknown[]));
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
function parseFirst(text: string, line: number, path: string | undefined, takesAnyKey: boolean): unknown {
  try {
    return parseYaml(text, { flavour: "kyaml", keepSpelling: true, severalDocuments: "first", keysByText: takesAnyKey });
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new KustomizeError("INVALID_RESOURCE", `MalformedYAMLError: ${cause.message}${path === undefined ? "" : ` in File: ${path}`}`, {
      ...(path === undefined ? {} : { path }),
      ...(cause.line === undefined ? {} : { line: line + cause.line }),
      cause,
    });
  }
}

/** @see kyaml, GetValidatedMetadata */
function requireValid(value: unknown, path: string | undefined): void {
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

function inlineLists(documents: readonly Mapping[], path: string | undefined): Mapping[] {
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
    for (const item of items as unknown[]) {
      if (isEmpty(item)) continue;
      requireValid(item, path);
      queue.push(plainValue(item) as Mapping);
    }
  }
  return out;
}

/** Upstream remembers earlier names in annotations, which a file may hold already. */
function asResource(object: Mapping): Resource {
  const resource = new Resource(object);
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
