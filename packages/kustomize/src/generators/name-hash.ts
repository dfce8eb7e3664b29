// SPDX-License-Identifier: Apache-2.0
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Mapping } from "../mapping.ts";
import { get, isMapping, isScalar, scalarText } from "../mapping.ts";
import { plainValue } from "../plain-value.ts";
import { stringifyGoJson } from "./go-json.ts";

/**
 * The suffix that tells generated objects with different content apart.
 *
 * @see kustomize hasher
 */
export function nameHash(object: Mapping): string {
  const kind = scalarText(get(object, "kind"));
  // Upstream looks for a field "metadata/name", which there is none: the name does not count.
  const name = "";
  const content =
    kind === "Secret"
      ? { kind, type: part(object, "type"), name, data: part(object, "data"), ...optionalMap(object, "stringData") }
      : kind === "ConfigMap"
        ? { kind, name, data: part(object, "data"), ...optionalMap(object, "binaryData") }
        : object;
  return encode(bytesToHex(sha256(utf8ToBytes(stringifyGoJson(plainValue(content))))));
}

function part(object: Mapping, field: string): unknown {
  const value = get(object, field);
  if (isMapping(value)) return value;
  return isScalar(value) ? scalarText(value) : "";
}

function optionalMap(object: Mapping, field: string): Mapping {
  const value = get(object, field);
  return isMapping(value) ? { [field]: value } : {};
}

const replaced: ReadonlyMap<string, string> = new Map([
  ["0", "g"],
  ["1", "h"],
  ["3", "k"],
  ["a", "m"],
  ["e", "t"],
]);

/** Ten hexadecimal digits, without those that make words. */
function encode(hex: string): string {
  return hex.slice(0, 10).replace(/[013ae]/g, (digit) => replaced.get(digit) ?? digit);
}
