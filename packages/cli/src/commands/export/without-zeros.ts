// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "@flux-ts/kube-core";
import { formatDurationNs, isJsonObject, parseDurationNs } from "@flux-ts/kube-core";

/** Optional fields that are pointers in Flux' API: their zero is a value, and says something else than their absence. */
const pointers = new Set([
  "ignore",
  "ignoreTestFailures",
  "insecureSkipTLSVerify",
  "maxHistory",
  "persistentClient",
  "remediateLastFailure",
]);

/**
 * A value as Go writes the struct that the schema describes: optional fields that are false, 0, empty texts, lists or maps are left out,
 * and durations are spelled as Go spells them (`10m` is `10m0s`).
 */
export function withoutZeros(value: unknown, schema: Schema): unknown {
  if (typeof value === "string") return isDuration(schema) ? normalDuration(value) : value;
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item: unknown) => withoutZeros(item, items));
  }
  const { properties } = schema;
  if (!isJsonObject(value) || properties === undefined) return value;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (inner === undefined) return [[name, field] as const];
    if (!required.has(name) && !pointers.has(name) && isZero(field, inner)) return [];
    return [[name, withoutZeros(field, inner)] as const];
  });
  return Object.fromEntries(fields);
}

function isZero(value: unknown, schema: Schema): boolean {
  if (value === false || value === 0 || value === "" || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  // An empty struct is one that is there; an empty map is not.
  return isJsonObject(value) && schema.additionalProperties !== undefined && Object.keys(value).length === 0;
}

function isDuration(schema: Schema): boolean {
  return schema.pattern?.includes("(ms|s|m") === true;
}

function normalDuration(text: string): string {
  try {
    return formatDurationNs(parseDurationNs(text));
  } catch {
    return text;
  }
}
