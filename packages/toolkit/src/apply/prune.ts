// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isNotFound, refOf } from "@flux-ts/kube-core";
import type { Change } from "./change-set.ts";
import { isKindUnknown, messageOf } from "./dry-run-error.ts";
import type { Owned } from "./inventory.ts";
import { marksOf } from "./marks.ts";
import type { Owner, StringMap } from "./metadata.ts";
import { hasMark } from "./metadata.ts";
import { refOfId, subjectOf } from "./object-id.ts";
import { compareIds } from "./stage.ts";

export interface PruneOptions {
  readonly owner: Owner;
  /** Labels that an object must carry to be ours to delete; otherwise it is skipped. */
  readonly labels: StringMap;
  readonly signal?: AbortSignal;
}

export interface Pruned {
  /** In the order of deletion: the reverse of the order of applying. */
  readonly changes: readonly Change[];
  /** Objects whose deletion was not confirmed: they stay ours. */
  readonly survivors: readonly Owned[];
  /** What went wrong, in upstream's words; undefined when nothing did. */
  readonly problem: string | undefined;
}

/**
 * Deletes objects that are no longer wanted, in the background, last applied first. Goes on after a failure.
 *
 * Skipped are objects that carry other owner labels by now, and those that ask to be kept.
 *
 * @see fluxcd/pkg ssa/manager_delete.go; spec G-PRN-1, 2, 3
 */
export async function prune(cluster: Client, stale: readonly Owned[], options: PruneOptions): Promise<Pruned> {
  const changes: Change[] = [];
  const survivors: Owned[] = [];
  let problems = "";
  for (const owned of stale.toSorted((a, b) => compareIds(b.id, a.id))) {
    options.signal?.throwIfAborted();
    const { action, problem } = await pruneOne(cluster, owned, options);
    changes.push({ ...owned, action });
    if (problem === undefined) continue;
    survivors.push(owned);
    problems += `${problem};`;
  }
  return { changes, survivors, problem: problems === "" ? undefined : `delete failed, errors: ${problems}` };
}

async function pruneOne(
  cluster: Client,
  { id, version }: Owned,
  { owner, labels, signal }: PruneOptions,
): Promise<{ readonly action: Change["action"]; readonly problem?: string }> {
  const ref = refOfId(id, version);
  const options = signal === undefined ? {} : { signal };
  let live: KubeObject | undefined;
  try {
    live = await cluster.find(ref, options);
  } catch (error) {
    signal?.throwIfAborted();
    if (isKindUnknown(error) && (await isKindGone(cluster, ref.apiVersion, options))) return { action: "deleted" };
    return { action: "unknown", problem: `${subjectOf(id)} query failed: ${messageOf(error)}` };
  }
  if (live === undefined) return { action: "deleted" };
  if (!carries(live, labels) || hasMark(live, marksOf(owner.group).kept)) return { action: "skipped" };
  try {
    // The uid: an object of this name that somebody made a moment ago is not the one that was looked at.
    await cluster.delete(refOf(live), {
      ...options,
      propagationPolicy: "Background",
      ...(live.metadata.uid === undefined ? {} : { uid: live.metadata.uid }),
    });
  } catch (error) {
    if (isNotFound(error)) return { action: "deleted" };
    signal?.throwIfAborted();
    return { action: "unknown", problem: `${subjectOf(id)} delete failed: ${messageOf(error)}` };
  }
  return { action: "deleted" };
}

/**
 * Whether a kind that discovery does not know is gone, and took its objects along. One of an aggregated API whose server
 * does not answer may look the same; its objects are still there. Who may not see that is told no.
 */
async function isKindGone(cluster: Client, apiVersion: string, options: { readonly signal?: AbortSignal }): Promise<boolean> {
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  const name = `${version}.${group}`;
  try {
    const service = await cluster.find({ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", name }, options);
    const spec = service?.["spec"] as { readonly service?: unknown } | undefined; // of the kind that was asked for
    return spec?.service === undefined || spec.service === null;
  } catch (error) {
    return isKindUnknown(error);
  }
}

function carries({ metadata }: KubeObject, labels: StringMap): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}
