// SPDX-License-Identifier: Apache-2.0
import type { InventoryEntry, Kustomization } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import { Failure } from "@flux-ts/kube-runtime";
import { formatChanges, mergeInventory, prune, staleOf } from "@flux-ts/toolkit/apply";
import { labelsOf, owner } from "./owner.ts";
import type { KustomizationContext } from "./types.ts";

/**
 * Deletes what was applied before and is not part of the build any more, if the Kustomization prunes.
 *
 * @param entries the inventory of what is applied now; what could not be deleted is recorded with it, so that it is tried again
 * @throws {Failure} PruneFailed
 * @see kustomize-controller prune(); spec G-PRN-1…4
 */
export async function pruneStale(
  ks: Kustomization,
  entries: readonly InventoryEntry[],
  before: readonly InventoryEntry[],
  cluster: Client,
  ctx: KustomizationContext,
): Promise<void> {
  const stale = staleOf(before, entries);
  if (ks.spec.prune !== true || stale.length === 0) return;
  const { changes, survivors, problem } = await prune(cluster, stale, { owner, labels: labelsOf(ks), signal: ctx.signal });
  if (problem !== undefined) {
    ctx.record({ inventory: { entries: [...mergeInventory(entries, survivors)] } });
    throw new Failure("PruneFailed", problem);
  }
  ctx.log.info(`garbage collection completed: ${formatChanges(changes)}`);
  ctx.event({ severity: "info", reason: "Progressing", message: formatChanges(changes) });
}
