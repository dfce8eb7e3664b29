// SPDX-License-Identifier: Apache-2.0
import { getKey, isJsonObject, withoutKey } from "../../json-object.ts";
import { parseJson, stringifyJson } from "../../json.ts";
import type { KubeObject } from "../../object.ts";
import { compareValues } from "./compare.ts";
import type { FieldSet } from "./field-set.ts";
import { difference } from "./field-set.ts";
import type { MergeType } from "./merge-type.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { typeProblems } from "./type-problems.ts";
import { withoutManagedFields } from "./with-managed-fields.ts";

/** Where kubectl's client-side apply keeps what it applied last. */
export const LAST_APPLIED_ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

const MAX_ANNOTATION_BYTES = 256 * 1024;

/**
 * The paths that kubectl's client-side apply set and that still are as it set them; undefined when the annotation is
 * missing, of another version, or does not fit the schema.
 *
 * @see apimachinery managedfields/internal lastAppliedManager
 */
export function allowedByLastApplied(live: KubeObject, type: MergeType, apiVersion: string): FieldSet | undefined {
  const text = getKey(live.metadata?.annotations ?? {}, LAST_APPLIED_ANNOTATION);
  if (typeof text !== "string" || text === "") return undefined;
  const lastApplied = tryParse(text);
  if (!isJsonObject(lastApplied) || lastApplied["apiVersion"] !== apiVersion) return undefined;
  const bare = withoutManagedFields(live);
  if (typeProblems(type, bare).length > 0 || typeProblems(type, lastApplied).length > 0) return undefined;
  const { added, modified, removed } = compareValues(type, lastApplied, bare);
  return difference(difference(difference(fieldSetOf(type, lastApplied), modified), added), removed);
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The object with the annotation brought up to date, when it has one. @see lastAppliedUpdater */
export function withLastApplied(object: KubeObject, applied: KubeObject): KubeObject {
  const annotations = object.metadata?.annotations;
  const current = getKey(annotations ?? {}, LAST_APPLIED_ANNOTATION);
  if (typeof current !== "string" || current === "") return object;
  const text = lastAppliedText(applied);
  if (text === current) return object;
  const next = { ...annotations, [LAST_APPLIED_ANNOTATION]: text };
  const kept = sizeOf(next) > MAX_ANNOTATION_BYTES ? withoutKey(next, LAST_APPLIED_ANNOTATION) : next;
  return { ...object, metadata: { ...object.metadata, annotations: kept as Readonly<Record<string, string>> } };
}

function lastAppliedText(applied: KubeObject): string {
  const annotations = applied.metadata?.annotations;
  const plain =
    annotations === undefined || annotations === null
      ? applied
      : { ...applied, metadata: { ...applied.metadata, annotations: withoutKey(annotations, LAST_APPLIED_ANNOTATION) } };
  return `${stringifyJson(plain, { sortKeys: true, escapeHtml: true })}\n`;
}

function sizeOf(annotations: Readonly<Record<string, unknown>>): number {
  const encoder = new TextEncoder();
  return Object.entries(annotations).reduce((size, [key, value]) => size + encoder.encode(key + String(value)).length, 0);
}
