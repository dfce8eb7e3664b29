// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, isJsonObject, setKey } from "@flux-ts/kube-core";
import { messageOf } from "../helm-error.ts";
import { DecodeError, decodeYaml, failDecode } from "./decode.ts";

/**
 * Reads a values file: one or more YAML documents, each merged over those before.
 *
 * @throws {DecodeError} `cannot unmarshal yaml document: …`
 * @see helm.sh/helm/v4 pkg/chart/v2/loader LoadValues
 */
export function loadValues(text: string): JsonObject {
  let values: JsonObject = {};
  for (const document of splitStream(text)) values = mergeMaps(values, loadDocument(document));
  return values;
}

function loadDocument(text: string): JsonObject {
  try {
    const value = decodeYaml(text);
    if (value === null) return {};
    return isJsonObject(value) ? value : failDecode(value, "value of type map[string]interface {}");
  } catch (error) {
    throw new Error(`cannot unmarshal yaml document: ${messageOf(error)}`, { cause: error });
  }
}

/** Cuts a stream at lines that begin with `---`. @see k8s.io/apimachinery pkg/util/yaml YAMLReader */
function splitStream(text: string): string[] {
  if (!/^---/m.test(text)) return [text];
  const documents: string[] = [];
  let lines: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    if (line.startsWith("---")) {
      const rest = line.slice(3).trim();
      if (rest !== "" && !rest.startsWith("#"))
        throw new DecodeError(`error reading yaml document: invalid Yaml document separator: ${rest}`);
      if (lines.length > 0) documents.push(lines.join(""));
      lines = [];
    }
    lines.push(line);
  }
  if (lines.length > 0) documents.push(lines.join(""));
  return documents;
}

/**
 * Merges maps, the second over the first; lists and scalars are replaced.
 *
 * @see helm.sh/helm/v4 pkg/chart/v2/loader MergeMaps
 */
export function mergeMaps(base: JsonObject, over: JsonObject): JsonObject {
  const out: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = Object.hasOwn(out, key) ? out[key] : undefined;
    setKey(out, key, isJsonObject(value) && isJsonObject(old) ? mergeMaps(old, value) : value);
  }
  return out;
}
