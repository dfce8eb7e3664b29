// SPDX-License-Identifier: Apache-2.0
import {
  ExactNumber,
  type JsonObject,
  SpelledScalar,
  compareText,
  getKey,
  isJsonObject,
  parseYamlDocuments,
  setKey,
  stringifyYaml,
  withoutKey,
} from "@flux-ts/kube-core";
import { HelmError, messageOf } from "../helm-error.ts";
import { isBlank, splitManifests } from "../manifests/split-manifests.ts";

/** Tells which template a document of the stream comes from. */
const FILE_ANNOTATION = "postrenderer.helm.sh/postrender-filename";

/**
 * Rendered templates as one stream of documents for a post-renderer, each with an annotation that names its template.
 * Lists are taken apart, scalars keep their spelling; comments are not kept.
 *
 * @throws {HelmError} POST_RENDER
 * @see helm.sh/helm/v4 pkg/action annotateAndMerge
 */
export function mergeFiles(files: ReadonlyMap<string, string>): string {
  const documents: string[] = [];
  for (const path of [...files.keys()].sort(compareText)) {
    const text = files.get(path) ?? "";
    if (path.slice(path.lastIndexOf("/") + 1).startsWith("_") || isBlank(text)) continue;
    for (const document of splitManifests(text)) {
      try {
        for (const object of parseObjects(document)) documents.push(print(annotate(object, path)));
      } catch (error) {
        throw new HelmError("POST_RENDER", `parsing ${path}: ${messageOf(error)}`, { place: path, cause: error });
      }
    }
  }
  return documents.join("---\n");
}

/**
 * What a post-renderer gave as files again, by the annotation of each document; those without one get a name of their own.
 *
 * @param group told apart in the names of documents without annotation; empty for none
 * @throws {HelmError} POST_RENDER
 * @see helm.sh/helm/v4 pkg/action splitAndDeannotate
 */
export function splitStream(stream: string, group: string): Map<string, string> {
  let objects: JsonObject[];
  try {
    objects = parseObjects(stream);
  } catch (error) {
    throw new HelmError("POST_RENDER", `error parsing YAML: ${messageOf(error)}`, { cause: error });
  }
  const files = new Map<string, string>();
  for (const [index, object] of objects.entries()) {
    const given = annotationOf(object);
    const path = given === "" ? `generated-by-postrender-${group === "" ? "" : `${group}-`}${index}.yaml` : given;
    const text = print(withoutAnnotation(object));
    const before = files.get(path);
    files.set(path, before === undefined ? text : `${before}---\n${text}`);
  }
  return files;
}

function parseObjects(text: string): JsonObject[] {
  let documents: unknown[];
  try {
    documents = parseYamlDocuments(text, { flavour: "kyaml", keepSpelling: true, duplicateKeys: "last", keysByText: true });
  } catch (error) {
    throw new Error(`MalformedYAMLError: ${messageOf(error)}`, { cause: error });
  }
  const objects = documents.filter((document) => document !== null).map(asObject);
  for (const object of objects) {
    const metadata = getKey(object, "metadata");
    if (metadata !== undefined && metadata !== null) asObject(metadata);
  }
  const [only] = objects;
  const items = objects.length === 1 && only !== undefined && isList(only) ? getKey(only, "items") : undefined;
  return Array.isArray(items) ? items.map(asObject) : objects;
}

function isList(object: JsonObject): boolean {
  return ["List", "ResourceList"].includes(String(getKey(object, "kind")));
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value) && !(value instanceof SpelledScalar)) return value;
  const kind = Array.isArray(value) ? "SequenceNode" : "ScalarNode";
  throw new Error(`wrong node kind: expected MappingNode but got ${kind}: node contents:\n${print(value)}`);
}

function annotationsOf(object: JsonObject): JsonObject {
  const metadata = getKey(object, "metadata");
  const annotations = isJsonObject(metadata) ? getKey(metadata, "annotations") : undefined;
  return isJsonObject(annotations) ? annotations : {};
}

function annotationOf(object: JsonObject): string {
  const value = getKey(annotationsOf(object), FILE_ANNOTATION);
  return value === undefined || value === null ? "" : String(value);
}

function annotate(object: JsonObject, path: string): JsonObject {
  return withAnnotations(object, { ...annotationsOf(object), [FILE_ANNOTATION]: path });
}

function withAnnotations(object: JsonObject, annotations: JsonObject): JsonObject {
  const metadata = getKey(object, "metadata");
  const out: Record<string, unknown> = { ...object };
  setKey(out, "metadata", { ...(isJsonObject(metadata) ? metadata : {}), annotations });
  return out;
}

/** Maps that are empty then go too. */
function withoutAnnotation(object: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  if (!Object.hasOwn(annotations, FILE_ANNOTATION)) return object;
  const rest = withoutKey(annotations, FILE_ANNOTATION);
  if (Object.keys(rest).length > 0) return withAnnotations(object, rest);
  const metadata = getKey(object, "metadata");
  const left = isJsonObject(metadata) ? withoutKey(metadata, "annotations") : {};
  return Object.keys(left).length > 0 ? { ...object, metadata: left } : withoutKey(object, "metadata");
}

function print(value: unknown): string {
  return stringifyYaml(spelled(value), { sortKeys: false, width: Infinity });
}

/** Scalars with a spelling of their own are written as they were; numbers that are exact are written by their text. */
function spelled(value: unknown): unknown {
  if (value instanceof SpelledScalar) return new ExactNumber(value.text, true);
  if (Array.isArray(value)) return value.map(spelled);
  if (!isJsonObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) setKey(out, key, spelled(item));
  return out;
}
