// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ManagedFieldsEntry } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";
import { getAt, removeAt, replaceAt } from "./pointer.ts";
import type { Selector } from "./selector.ts";
import { compileSelector } from "./selector.ts";

/** Fields to leave alone. @see spec §1.7 `ignore`, G-SSA-9 */
export interface IgnoreRule {
  /** JSON pointers, RFC 6901. */
  readonly paths: readonly string[];
  /** Absent: all objects. */
  readonly target?: Selector;
}

/** The pointers that rules give for an object. */
export type IgnoredPaths = (object: KubeObject) => readonly string[];

/**
 * Compiles rules once for many objects.
 * @throws {ApplyError} BAD_SELECTOR
 */
export function compileIgnoreRules(rules: readonly IgnoreRule[]): IgnoredPaths {
  const compiled = rules.map(({ paths, target }) => ({ paths, matches: target === undefined ? () => true : compileSelector(target) }));
  return (object) => compiled.filter(({ matches }) => matches(object)).flatMap(({ paths }) => paths);
}

/** The object without the fields at these pointers; those that are not there are passed over. */
export function withoutPaths(object: KubeObject, paths: readonly string[]): KubeObject {
  return paths.reduce<KubeObject>((result, path) => removeAt(result, path) as KubeObject, object);
}

/**
 * What is sent of an object so that ignored fields stay as they are: a field that another applier owns is left out; one
 * that only we own is sent with the value it has, since leaving it out would remove it.
 *
 * @param live the object as it is; ignore rules never count for one that is yet to be created
 * @see fluxcd/pkg ssa/manager_apply.go computeDriftedPaths, applyDriftResult
 */
export function withIgnoredFields(
  object: KubeObject,
  { live, dryRun, paths, fieldManager }: { live: KubeObject; dryRun: KubeObject; paths: readonly string[]; fieldManager: string },
): KubeObject {
  let payload = object;
  const adopted: { path: string; value: unknown }[] = [];
  for (const path of paths) {
    const value = getAt(live, path);
    if (deepEqual(value, getAt(dryRun, path))) continue;
    if (isOwnedByOther(live, path, fieldManager)) payload = removeAt(payload, path) as KubeObject;
    else adopted.push({ path, value });
  }
  for (const { path, value } of adopted)
    payload = (value === undefined ? removeAt(payload, path) : replaceAt(payload, path, value)) as KubeObject;
  return payload;
}

/** Whether an applier other than us owns the field: entries of updates and of subresources do not count. */
function isOwnedByOther(live: KubeObject, path: string, fieldManager: string): boolean {
  const entries = (live.metadata.managedFields ?? []).filter(
    ({ operation, subresource, fieldsV1 }) => operation === "Apply" && !subresource && fieldsV1 !== undefined,
  );
  const trail = trailOf(live, path, entries);
  return trail !== undefined && entries.some(({ manager, fieldsV1 }) => manager !== fieldManager && walk(fieldsV1, trail) !== undefined);
}

/** A pointer as a way through the tries of `managedFields`: indexes become the `k:` key of the item. */
function trailOf(live: KubeObject, path: string, entries: readonly ManagedFieldsEntry[]): readonly string[] | undefined {
  const trail: string[] = [];
  const tokens = path
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  let value: unknown = live;
  for (const token of tokens) {
    if (Array.isArray(value) && /^[0-9]+$/.test(token)) {
      const item: unknown = value[Number(token)];
      const key = keyOf(item, trail, entries);
      if (key === undefined) return undefined;
      trail.push(key);
      value = item;
    } else {
      trail.push(`f:${token}`);
      value = isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
    }
  }
  return trail.length === 0 ? undefined : trail;
}

function keyOf(item: unknown, trail: readonly string[], entries: readonly ManagedFieldsEntry[]): string | undefined {
  if (!isObject(item)) return undefined;
  const keys = new Set(entries.flatMap(({ fieldsV1 }) => Object.keys(walk(fieldsV1, trail) ?? {})).filter((key) => key.startsWith("k:")));
  return [...keys].toSorted().find((key) => {
    try {
      const wanted: unknown = JSON.parse(key.slice(2));
      return isObject(wanted) && Object.entries(wanted).every(([name, value]) => deepEqual(item[name], value));
    } catch {
      return false;
    }
  });
}

function walk(trie: unknown, trail: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  let node: unknown = trie;
  for (const step of trail) {
    if (!isObject(node) || !Object.hasOwn(node, step)) return undefined;
    node = node[step];
  }
  return isObject(node) ? node : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
