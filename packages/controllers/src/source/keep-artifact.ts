// SPDX-License-Identifier: Apache-2.0
import type { Artifact } from "@flux-ts/flux-api";
import type { EventRecord } from "@flux-ts/kube-runtime";
import type { ArtifactStorage } from "@flux-ts/toolkit/artifact";
import { deadline } from "@flux-ts/toolkit/git";
import type { Clock } from "@flux-ts/kube-core";

/** What this step needs of a reconcile, whatever its kind. */
export interface KeepContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  record(status: { readonly artifact?: Artifact | undefined }): void;
  condition(type: string, value: undefined): void;
  progress(message: string, options: { readonly drift: boolean }): Promise<void>;
  event(event: EventRecord): void;
}

const collectTimeoutMs = 5_000;

/**
 * The first step of every source: collects old artifacts and sees whether the one of the status is still there and what it was.
 *
 * @returns the artifact that can be relied on; undefined when one must be built
 */
export async function keepArtifact(
  artifact: Artifact | undefined,
  storage: ArtifactStorage,
  ctx: KeepContext,
): Promise<Artifact | undefined> {
  const isKept = artifact !== undefined && (await isIntact(artifact, storage, ctx));
  if (!isKept) {
    const disappeared = artifact === undefined ? "" : ": disappeared from storage";
    ctx.record({ artifact: undefined });
    ctx.condition("ArtifactInStorage", undefined);
    await ctx.progress(`building artifact${disappeared}`, { drift: true });
    return undefined;
  }
  await collect(artifact, storage, ctx);
  const url = storage.urlOf(artifact.path);
  if (url === artifact.url) return artifact;
  const moved = { ...artifact, url };
  ctx.record({ artifact: moved });
  return moved;
}

async function isIntact(artifact: Artifact, storage: ArtifactStorage, ctx: KeepContext): Promise<boolean> {
  if (!(await storage.has(artifact.path).catch(() => false))) return false;
  try {
    await storage.verify(artifact);
    return true;
  } catch (error) {
    const message = `failed to verify integrity of artifact: ${(error as Error).message}`;
    ctx.event({ severity: "error", reason: "ArtifactVerificationFailed", message });
    await storage.remove(artifact.path);
    return false;
  }
}

/** What cannot be collected now is collected next time. */
async function collect(artifact: Artifact, storage: ArtifactStorage, ctx: KeepContext): Promise<void> {
  using limit = deadline(ctx.clock, collectTimeoutMs, ctx.signal);
  const collected = await storage.collect(artifact, limit.signal).catch(() => []);
  if (collected.length === 0) return;
  ctx.event({ severity: "trace", reason: "GarbageCollectionSucceeded", message: `garbage collected ${collected.length} artifacts` });
}
