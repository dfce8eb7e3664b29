// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";

/** One change of a JSON document, RFC 6902, with the value that was there. */
export interface JsonChange {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly oldValue?: unknown;
  readonly value?: unknown;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * What differs between two JSON values, as changes that turn the first into the second: keys in order, removals of list
 * items at the end.
 * @see github.com/wI2L/jsondiff Compare
 */
export function diffJson(before: unknown, after: unknown, path = ""): readonly JsonChange[] {
  const changes: JsonChange[] = [];
  compare(before, after, path, changes);
  return changes;
}

function compare(before: unknown, after: unknown, path: string, changes: JsonChange[]): void {
  if (before === undefined && after === undefined) return;
  if (isObject(before) && isObject(after)) compareObjects(before, after, path, changes);
  else if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, changes);
  else if (!deepEqual(before, after)) changes.push({ op: "replace", path, oldValue: before, value: after });
}

function compareObjects(before: JsonObject, after: JsonObject, path: string, changes: JsonChange[]): void {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  for (const key of keys) {
    const inner = `${path}/${escapePointer(key)}`;
    if (!Object.hasOwn(after, key)) changes.push({ op: "remove", path: inner, oldValue: before[key] });
    else if (!Object.hasOwn(before, key)) changes.push({ op: "add", path: inner, value: after[key] });
    else compare(before[key], after[key], inner, changes);
  }
}

function compareLists(before: readonly unknown[], after: readonly unknown[], path: string, changes: JsonChange[]): void {
  const shared = Math.min(before.length, after.length);
  // What is too much goes from where the lists part, so that the indexes of later removals stay right.
  for (let index = shared; index < before.length; index += 1)
    changes.push({ op: "remove", path: `${path}/${shared}`, oldValue: before[index] });
  for (let index = 0; index < shared; index += 1) compare(before[index], after[index], `${path}/${index}`, changes);
  for (let index = shared; index < after.length; index += 1) changes.push({ op: "add", path: `${path}/-`, value: after[index] });
}

/** @see RFC 6901 */
export function escapePointer(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * What a dry run would change of an object: added and replaced labels and annotations (what others added stays), and
 * everything but `metadata` and `status`.
 * @see fluxcd/pkg ssa/jsondiff/unstructured.go
 */
export function diffObjects(live: KubeObject, dryRun: KubeObject): readonly JsonChange[] {
  return [...diffMetadata(live, dryRun), ...diffContent(live, dryRun)];
}

export function diffMetadata(live: KubeObject, dryRun: KubeObject): readonly JsonChange[] {
  return diffJson({ metadata: labelsAndAnnotations(live) }, { metadata: labelsAndAnnotations(dryRun) }).filter(({ op }) => op !== "remove");
}

export function diffContent(live: KubeObject, dryRun: KubeObject): readonly JsonChange[] {
  return diffJson(content(live), content(dryRun));
}

function labelsAndAnnotations({ metadata }: KubeObject): JsonObject {
  const { annotations, labels } = metadata ?? {};
  return { ...(annotations === undefined ? {} : { annotations }), ...(labels === undefined ? {} : { labels }) };
}

function content({ metadata: _metadata, status: _status, ...rest }: KubeObject): JsonObject {
  return rest;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("isInteger" in value && "text" in value);
}
