// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ManagedFieldsEntry } from "@flux-ts/kube-core";

/** Field managers whose fields are taken over. `prefix` begins their name. */
export interface TakenManager {
  readonly prefix: string;
  readonly operation: "Apply" | "Update";
}

/** What others left on an object that is removed before it is applied. */
export interface Cleanup {
  readonly annotations: readonly string[];
  readonly labels: readonly string[];
  readonly managers: readonly TakenManager[];
}

export type JsonPatchOperation =
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "replace" | "add"; readonly path: string; readonly value: unknown };

/**
 * The JSON patch that removes the annotations and labels and makes the fields of the managers our own, so that what Git
 * does not hold any more goes with the next apply; empty when there is nothing to clean.
 *
 * Entries of subresources are left alone: `kubectl scale` keeps its say.
 *
 * @see fluxcd/pkg ssa/patch.go PatchReplaceFieldsManagers; spec G-SSA-5
 */
export function cleanupPatch(live: KubeObject, cleanup: Cleanup, fieldManager: string): readonly JsonPatchOperation[] {
  const managedFields = takeOver(live.metadata.managedFields ?? [], cleanup.managers, fieldManager);
  return [
    ...removals("annotations", live.metadata.annotations, cleanup.annotations),
    ...removals("labels", live.metadata.labels, cleanup.labels),
    ...(managedFields === undefined ? [] : [{ op: "replace" as const, path: "/metadata/managedFields", value: managedFields }]),
  ];
}

function removals(field: string, map: Readonly<Record<string, string>> | undefined, keys: readonly string[]): JsonPatchOperation[] {
  return keys
    .filter((key) => map !== undefined && Object.hasOwn(map, key))
    .map((key) => ({ op: "remove", path: `/metadata/${field}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}` }));
}

/**
 * The managed fields after the takeover, our entry last; undefined when nobody is taken over.
 * @throws never: the sets are joined as tries
 */
export function takeOver(
  entries: readonly ManagedFieldsEntry[],
  managers: readonly TakenManager[],
  fieldManager: string,
): readonly ManagedFieldsEntry[] | undefined {
  let own = entries.findLast(({ manager, operation }) => manager === fieldManager && operation === "Apply");
  const previous = own;
  const kept: ManagedFieldsEntry[] = [];
  let isEdited = false;
  for (const entry of entries) {
    if (entry === previous) continue;
    if (!managers.some((manager) => isTaken(entry, manager))) {
      kept.push(entry);
      continue;
    }
    isEdited = true;
    own =
      own === undefined
        ? { ...entry, manager: fieldManager, operation: "Apply" }
        : withFields(own, joinTries(own.fieldsV1, entry.fieldsV1));
  }
  return isEdited && own !== undefined ? [...kept, own] : undefined;
}

function isTaken({ manager = "", operation, subresource }: ManagedFieldsEntry, taken: TakenManager): boolean {
  return operation === taken.operation && !subresource && manager.startsWith(taken.prefix);
}

type Trie = Readonly<Record<string, unknown>>;

function withFields(entry: ManagedFieldsEntry, fieldsV1: Trie | undefined): ManagedFieldsEntry {
  return fieldsV1 === undefined ? entry : { ...entry, fieldsV1 };
}

function joinTries(left: Trie | undefined, right: Trie | undefined): Trie | undefined {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return Object.fromEntries(keys.map((key) => [key, joinTries(asTrie(own(left, key)), asTrie(own(right, key))) ?? {}]));
}

function own(trie: Trie, key: string): unknown {
  return Object.hasOwn(trie, key) ? trie[key] : undefined;
}

function asTrie(value: unknown): Trie | undefined {
  return typeof value === "object" && value !== null ? (value as Trie) : undefined;
}

/**
 * The JSON patch that moves every entry of `managedFields` to another version of the API; empty when all are there.
 * @see fluxcd/pkg ssa/patch.go PatchMigrateToVersion
 */
export function migrationPatch(live: KubeObject, apiVersion: string): readonly JsonPatchOperation[] {
  const entries = live.metadata.managedFields ?? [];
  if (entries.every((entry) => entry.apiVersion === apiVersion)) return [];
  return [{ op: "replace", path: "/metadata/managedFields", value: entries.map((entry) => ({ ...entry, apiVersion })) }];
}

/**
 * Whether fields that an apply would make ours are not: somebody took our entry out of `managedFields`. Without it a field
 * that leaves Git would stay in the cluster. (Upstream does not look.)
 */
export function hasLostFields(live: KubeObject, dryRun: KubeObject, fieldManager: string): boolean {
  const entryOf = ({ metadata }: KubeObject): ManagedFieldsEntry | undefined =>
    metadata.managedFields?.find(
      ({ manager, operation, subresource }) => manager === fieldManager && operation === "Apply" && !subresource,
    );
  return !includesTrie(entryOf(live)?.fieldsV1, entryOf(dryRun)?.fieldsV1);
}

function includesTrie(trie: Trie | undefined, other: Trie | undefined): boolean {
  if (other === undefined) return true;
  if (trie === undefined) return false;
  return Object.keys(other).every((key) => Object.hasOwn(trie, key) && includesTrie(asTrie(trie[key]), asTrie(other[key])));
}
