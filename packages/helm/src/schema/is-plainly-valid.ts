// SPDX-License-Identifier: Apache-2.0
// A table of what the values of keywords must be.
import { isJsonObject } from "@flux-ts/kube-core";
import { RE2JS } from "re2js";
import { TYPE_ORDER, canonical, jsonTypeOf } from "./json-value.ts";
import type { Draft } from "./schema-document.ts";

const TYPES: ReadonlySet<unknown> = new Set(TYPE_ORDER);

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string";
const isBoolean: Test = (value) => typeof value === "boolean";
const isNumber: Test = (value) => jsonTypeOf(value) === "number";
const isCount: Test = (value) => typeof value === "number" && Number.isInteger(value) && value >= 0;
const isTexts: Test = (value) => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const isType: Test = (value) =>
  Array.isArray(value) ? value.length > 0 && isTexts(value) && value.every((one) => TYPES.has(one)) : TYPES.has(value);

/** Keywords that say something about values, alike in all drafts that are checked here. */
const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ["type", isType],
  ["enum", (value) => Array.isArray(value) && value.length > 0 && new Set(value.map(canonical)).size === value.length],
  ["required", (value) => isTexts(value) && Array.isArray(value) && value.length > 0],
  ...["title", "description", "format", "$comment", "contentEncoding", "contentMediaType"].map((name) => [name, isText] as const),
  ...["uniqueItems", "readOnly", "writeOnly", "deprecated"].map((name) => [name, isBoolean] as const),
  ...["minimum", "maximum"].map((name) => [name, isNumber] as const),
  ...["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"].map((name) => [name, isCount] as const),
  ["default", () => true],
  ["const", () => true],
  ["examples", Array.isArray],
  ["$ref", (value) => typeof value === "string" && /^#[\w/.$-]*$/.test(value)],
  ["$schema", isText],
]);

const ONE_SCHEMA: ReadonlySet<string> = new Set(["not", "additionalProperties", "if", "then", "else", "propertyNames", "contains"]);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf"]);
const SCHEMA_MAPS: ReadonlySet<string> = new Set(["properties", "definitions", "$defs", "patternProperties"]);

const MAX_DEPTH = 200;

/**
 * Whether a schema is valid beyond doubt, told without the schema of schemas. False means only that the schema of schemas
 * has to be asked: anything unusual does.
 */
export function isPlainlyValid(schema: unknown, draft: Draft, depth = 0): boolean {
  if (typeof schema === "boolean") return draft >= 6;
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return false;
  for (const [keyword, value] of Object.entries(schema)) {
    if (TESTS.get(keyword)?.(value) === true) continue;
    if (keyword === "pattern" && typeof value === "string" && isPattern(value)) continue;
    if (ONE_SCHEMA.has(keyword) || (keyword === "items" && !Array.isArray(value))) {
      if (!isPlainlyValid(value, draft, depth + 1) && !(keyword === "additionalProperties" && isBoolean(value))) return false;
    } else if (SCHEMA_LISTS.has(keyword)) {
      if (!Array.isArray(value) || value.length === 0 || !value.every((one) => isPlainlyValid(one, draft, depth + 1))) return false;
    } else if (SCHEMA_MAPS.has(keyword)) {
      if (!isJsonObject(value) || !Object.values(value).every((one) => isPlainlyValid(one, draft, depth + 1))) return false;
      if (keyword === "patternProperties" && !Object.keys(value).every(isPattern)) return false;
    } else if (!isUnknown(keyword)) return false;
  }
  return true;
}

/** Keywords of no draft mean nothing. */
function isUnknown(keyword: string): boolean {
  return /^x-|^(?:form|order|hidden|render|slider\w*)$/.test(keyword);
}

function isPattern(source: string): boolean {
  // What is only letters and the like needs no compiler.
  if (/^\^?[\w \-/]*\$?$/.test(source)) return true;
  try {
    RE2JS.compile(source);
    return true;
  } catch {
    return false;
  }
}
