// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import { getCondition } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import type { Change } from "@flux-ts/toolkit/apply";
import { formatChanges, listInventory, prune, subjectOf, waitGone } from "@flux-ts/toolkit/apply";
import type { RemoteClusters } from "@flux-ts/toolkit/remote-cluster";
import type { Equipment } from "./equipment.ts";
import { labelsOf, owner, serviceAccountOf } from "./owner.ts";
import { timeoutMs } from "./schedule.ts";
import { lacksKubeconfig, targetCluster } from "./target-cluster.ts";
import type { KustomizationContext } from "./types.ts";

/**
 * Deletes what was applied, as `deletionPolicy` says, before the Kustomization goes. A suspended one leaves its objects
 * where they are, and so does one whose ServiceAccount or kubeconfig is gone.
 *
 * @throws {Failure} when something could not be deleted, or the cluster cannot be reached: the Kustomization stays, and it
 *   is tried again
 * @see kustomize-controller finalize(); spec G-PRN-5, G-FIN-2
 */
export async function cleanup(ks: Kustomization, equipment: Equipment, ctx: KustomizationContext): Promise<void> {
  const { uid = "" } = ks.metadata;
  equipment.memory.forget(uid);
  if (deletesObjects(ks)) await deleteObjects(ks, equipment, ctx);
  equipment.remotes.forget(uid);
  await equipment.remotes.closeUnused();
}

async function deleteObjects(ks: Kustomization, { remotes }: Equipment, ctx: KustomizationContext): Promise<void> {
  const { lastAppliedRevision = "", lastAppliedOriginRevision = "" } = ks.status ?? {};
  ctx.eventMetadata({ revision: lastAppliedRevision, originRevision: lastAppliedOriginRevision });
  const reason = getCondition(ks.status?.conditions, "Ready")?.reason;
  const owned = listInventory(ks.status?.inventory?.entries ?? []);
  const cluster = (await hasServiceAccount(ks, ctx)) ? await clusterUnlessGone(ks, remotes, ctx) : undefined;
  if (cluster === undefined) {
    const message = `unable to prune objects: \n${owned.map(({ id }) => subjectOf(id)).join("\n")}`;
    ctx.event({ severity: "error", reason: reason ?? "error", message });
    return;
  }
  const { changes, problem } = await prune(cluster, owned, { owner, labels: labelsOf(ks), signal: ctx.signal });
  if (problem !== undefined) throw new Failure("PruneFailed", problem, { event: "pruning for deleted resource failed", retry: "backoff" });
  if (changes.length === 0) return;
  ctx.event({ severity: "info", reason: reason ?? "info", message: formatChanges(changes) });
  if (ks.spec.deletionPolicy === "WaitForTermination") await waitTerminated(ks, changes, cluster, ctx, reason);
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

async function clusterUnlessGone(ks: Kustomization, remotes: RemoteClusters, ctx: KustomizationContext): Promise<Client | undefined> {
  try {
    return await targetCluster(ks, remotes, ctx);
  } catch (error) {
    if (lacksKubeconfig(error)) return undefined;
    throw error;
  }
}

/** The account is looked for on our own cluster, whichever one is applied to. */
async function hasServiceAccount(ks: Kustomization, ctx: KustomizationContext): Promise<boolean> {
  const name = serviceAccountOf(ks, ctx);
  if (name === undefined) return true;
  const ref = { apiVersion: "v1", kind: "ServiceAccount", namespace: ks.metadata.namespace ?? "", name };
  return (await ctx.cluster.find(ref, { signal: ctx.signal })) !== undefined;
}

/** Running out of time is told and is no reason to stay. */
async function waitTerminated(
  ks: Kustomization,
  changes: readonly Change[],
  cluster: Client,
  ctx: KustomizationContext,
  reason: string | undefined,
): Promise<void> {
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
