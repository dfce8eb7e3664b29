// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import type { Applied, ApplyOptions } from "./apply.ts";
import { applyObjects } from "./apply.ts";
import type { GroupKindSet } from "./kinds.ts";
import { stage } from "./stage.ts";
import type { WaitOptions } from "./wait.ts";
import { waitHealthy } from "./wait.ts";

export interface StagedOptions extends ApplyOptions {
  readonly customKinds?: GroupKindSet;
  /** How definitions and classes are awaited before what may need them. Default time limit 60 s. */
  readonly wait: Omit<WaitOptions, "timeoutMs" | "failFast"> & { readonly timeoutMs?: number };
  /** Wraps every wait, so that whoever runs this can do something else meanwhile. */
  waiting?<T>(work: () => Promise<T>): Promise<T>;
  /** Runs before each stage, when what earlier stages defined is there; may complete the objects. */
  prepareStage?(objects: readonly KubeObject[]): Promise<readonly KubeObject[]>;
  /** Called after each stage with what it did: what is known of a failure that comes later. */
  onApplied?(applied: readonly Applied[]): void;
}

/**
 * Applies objects stage by stage: definitions, classes, custom kinds, the rest; definitions and classes are awaited.
 *
 * @returns one entry for each object, in the order in which they were applied
 * @throws {ApplyError} of the stage that failed; earlier stages stay applied and were told to `onApplied`
 * @see fluxcd/pkg ssa/manager_apply.go ApplyAllStaged; spec G-SSA-2
 */
export async function applyStaged(cluster: Client, objects: readonly KubeObject[], options: StagedOptions): Promise<readonly Applied[]> {
  const all: Applied[] = [];
  for (const { objects: staged, isAwaited } of stage(objects, options.customKinds)) {
    options.signal?.throwIfAborted();
    const applied = await applyObjects(cluster, (await options.prepareStage?.(staged)) ?? staged, options);
    all.push(...applied);
    options.onApplied?.(applied);
    if (isAwaited) await awaitStage(cluster, applied, options);
  }
  return all;
}

/** Upstream waits for skipped definitions as well. */
async function awaitStage(cluster: Client, applied: readonly Applied[], options: StagedOptions): Promise<void> {
  const { wait, signal, waiting = (work) => work() } = options;
  const awaited = applied.map(({ change, live }) => ({ id: change.id, version: change.version, seen: live }));
  const timeoutMs = wait.timeoutMs ?? 60_000;
  await waiting(() => waitHealthy(cluster, awaited, { ...wait, timeoutMs, failFast: false, ...(signal === undefined ? {} : { signal }) }));
  // Kinds that were just defined have to be found.
  if (applied.some(({ change }) => change.action === "created" && change.id.kind === "CustomResourceDefinition")) cluster.forgetDiscovery();
}
