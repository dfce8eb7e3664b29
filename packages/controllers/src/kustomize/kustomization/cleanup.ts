// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import { getCondition } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import type { Change } from "@flux-ts/toolkit/apply";
import { formatChanges, listInventory, prune, subjectOf, waitGone } from "@flux-ts/toolkit/apply";
import type { AppliedMemory } from "./applied-memory.ts";
import { clusterOf, labelsOf, owner, serviceAccountOf } from "./owner.ts";
import { timeoutMs } from "./schedule.ts";
import type { KustomizationContext } from "./types.ts";

/**
 * Deletes what was applied, as `deletionPolicy` says, before the Kustomization goes. A suspended one leaves its objects
 * where they are, and so does one whose ServiceAccount is gone.
 *
 * @throws {Failure} when something could not be deleted: the Kustomization stays, and it is tried again
 * @see kustomize-controller finalize(); spec G-PRN-5, G-FIN-2
 */
export async function cleanup(ks: Kustomization, ctx: KustomizationContext, memory: AppliedMemory): Promise<void> {
  memory.forget(ks.metadata.uid ?? "");
  if (!deletesObjects(ks)) return;
  const { lastAppliedRevision = "", lastAppliedOriginRevision = "" } = ks.status ?? {};
  ctx.eventMetadata({ revision: lastAppliedRevision, originRevision: lastAppliedOriginRevision });
  const reason = getCondition(ks.status?.conditions, "Ready")?.reason;
  const owned = listInventory(ks.status?.inventory?.entries ?? []);
  if (!(await mayAct(ks, ctx))) {
    const message = `unable to prune objects: \n${owned.map(({ id }) => subjectOf(id)).join("\n")}`;
    ctx.event({ severity: "error", reason: reason ?? "error", message });
    return;
  }
  const cluster = clusterOf(ks, ctx);
  const { changes, problem } = await prune(cluster, owned, { owner, labels: labelsOf(ks), signal: ctx.signal });
  if (problem !== undefined) throw new Failure("PruneFailed", problem, { event: "pruning for deleted resource failed", retry: "backoff" });
  if (changes.length === 0) return;
  ctx.event({ severity: "info", reason: reason ?? "info", message: formatChanges(changes) });
  if (ks.spec.deletionPolicy === "WaitForTermination") await waitTerminated(ks, changes, ctx, reason);
}

function deletesObjects({ spec, status }: Kustomization): boolean {
  if (spec.suspend === true || (status?.inventory?.entries ?? []).length === 0) return false;
  switch (spec.deletionPolicy ?? "MirrorPrune") {
    case "MirrorPrune":
      return spec.prune === true;
    case "Delete":
    case "WaitForTermination":
      return true;
    case "Orphan":
      return false;
  }
}

async function mayAct(ks: Kustomization, ctx: KustomizationContext): Promise<boolean> {
  // Another cluster cannot be reached yet: its objects are left as if its kubeconfig were gone.
  if (ks.spec.kubeConfig !== undefined) return false;
  const name = serviceAccountOf(ks, ctx);
  if (name === undefined) return true;
  const ref = { apiVersion: "v1", kind: "ServiceAccount", namespace: ks.metadata.namespace ?? "", name };
  return (await ctx.cluster.find(ref, { signal: ctx.signal })) !== undefined;
}

/** Running out of time is told and is no reason to stay. */
async function waitTerminated(
  ks: Kustomization,
  changes: readonly Change[],
  ctx: KustomizationContext,
  reason: string | undefined,
): Promise<void> {
  const cluster = clusterOf(ks, ctx);
  const deleted = changes.filter(({ action }) => action === "deleted");
  try {
    await ctx.waiting(() =>
      waitGone(cluster, deleted, {
        timeoutMs: timeoutMs(ks),
        clock: ctx.clock,
        view: (kind, { metadataOnly }) => ctx.observe(kind, { client: cluster, metadataOnly }),
        signal: ctx.signal,
      }),
    );
  } catch (error) {
    ctx.signal.throwIfAborted();
    ctx.log.error("failed to wait for resources termination", { error });
    ctx.event({ severity: "error", reason: reason ?? "error", message: "failed to wait for resources termination" });
  }
}
