// SPDX-License-Identifier: Apache-2.0
import type { InventoryEntry } from "@flux-ts/flux-api";
import type { Change } from "./change-set.ts";
import type { ObjectId } from "./object-id.ts";
import { formatId, parseId } from "./object-id.ts";
import { compareIds } from "./stage.ts";

/** An object of an inventory, in the version that it was applied in. */
export interface Owned {
  readonly id: ObjectId;
  readonly version: string;
}

/** The inventory of what was applied, in its order; what was skipped is part of it. @see spec §1.7, G-SSA-6 */
export function inventoryOf(changes: readonly Change[]): readonly InventoryEntry[] {
  return changes.map(({ id, version }) => ({ id: formatId(id), v: version }));
}

/** The objects of an inventory, in apply order. @throws {ApplyError} BAD_ID */
export function listInventory(entries: readonly InventoryEntry[]): readonly Owned[] {
  return sortOwned(entries.map(({ id, v }) => ({ id: parseId(id), version: v })));
}

/**
 * What is in the old inventory and not in the new one, in apply order: what is to be deleted.
 * @throws {ApplyError} BAD_ID
 * @see kustomize-controller internal/inventory Diff; spec G-PRN-1
 */
export function staleOf(before: readonly InventoryEntry[], after: readonly InventoryEntry[]): readonly Owned[] {
  const kept = new Set(after.map(({ id }) => formatId(parseId(id))));
  const stale = new Map<string, Owned>();
  for (const { id, v } of before) {
    const parsed = parseId(id);
    const key = formatId(parsed);
    if (!kept.has(key) && !stale.has(key)) stale.set(key, { id: parsed, version: v });
  }
  return sortOwned([...stale.values()]);
}

/** The entries and, after them, the objects that are not among them: what could not be deleted stays ours. */
export function mergeInventory(entries: readonly InventoryEntry[], owned: readonly Owned[]): readonly InventoryEntry[] {
  const known = new Set(entries.map(({ id }) => id));
  const merged = [...entries];
  for (const { id, version } of owned) {
    const key = formatId(id);
    if (known.has(key)) continue;
    known.add(key);
    merged.push({ id: key, v: version });
  }
  return merged;
}

function sortOwned(owned: readonly Owned[]): readonly Owned[] {
  return owned.toSorted((a, b) => compareIds(a.id, b.id));
}
