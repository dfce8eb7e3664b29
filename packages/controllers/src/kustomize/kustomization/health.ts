// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import { KUSTOMIZE_GROUP } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { formatDuration, isConditionTrue, parseApiVersion } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import type { Applied, Awaited, Change, ObjectId } from "@flux-ts/toolkit/apply";
import { formatId, isWithoutStatus, refOfId, waitHealthy } from "@flux-ts/toolkit/apply";
import type { HeldViews } from "./held-views.ts";
import type { Interruption } from "./interruptions.ts";
import type { HealthRules } from "./judge.ts";
import { timeoutMs } from "./schedule.ts";
import type { KustomizationContext } from "./types.ts";

/** What the health of a Kustomization is made of. */
export interface HealthInput {
  readonly changes: readonly Change[];
  /** What the apply saw, as far as it asked. */
  readonly applied: readonly Applied[];
  /** Ids of Jobs that may be gone when they are done. */
  readonly mayVanish: ReadonlySet<string>;
  readonly revision: string;
  /** Something of a new revision changed: being healthy again is news. */
  readonly isNews: boolean;
}

interface HealthPorts {
  readonly cluster: Client;
  readonly views: HeldViews;
  readonly rules: HealthRules;
  readonly interruption: Interruption | undefined;
}

/**
 * Waits until what was applied, or what `healthChecks` names, is healthy. Without either there is no condition Healthy.
 * @throws {Failure} HealthCheckFailed; HealthCheckCanceled
 * @see kustomize-controller checkHealth(); spec G-HLT-1, 2, 3, 6
 */
export async function requireHealth(
  ks: Kustomization,
  input: HealthInput,
  { cluster, views, rules, interruption }: HealthPorts,
  ctx: KustomizationContext,
): Promise<void> {
  const awaited = awaitedOf(ks, input);
  if (awaited.length === 0) {
    ctx.condition("Healthy", undefined);
    return;
  }
  const limitMs = timeoutMs(ks);
  const startedAt = ctx.clock.now();
  const message = `Running health checks for revision ${input.revision} with a timeout of ${formatDuration(limitMs)}`;
  ctx.condition("Healthy", { status: "Unknown", reason: "Progressing", message });
  await ctx.progress(message);
  try {
    await ctx.waiting(() =>
      waitHealthy(
        cluster,
        awaited.filter(({ id }) => !isSelf(id, ks)),
        {
          timeoutMs: limitMs,
          failFast: !ctx.options.features.disableFailFastBehavior,
          ...rules,
          clock: ctx.clock,
          view: views.view.bind(views),
          signal: interruption === undefined ? ctx.signal : AbortSignal.any([ctx.signal, interruption.signal]),
        },
      ),
    );
  } catch (cause) {
    ctx.signal.throwIfAborted();
    if (interruption?.by !== undefined) throw canceled(interruption.by);
    const problem = (cause as Error).message;
    ctx.condition("Healthy", { status: "False", reason: "HealthCheckFailed", message: problem });
    const elapsed = formatDuration(ctx.clock.now() - startedAt);
    throw new Failure("HealthCheckFailed", `health check failed after ${elapsed}: ${problem}`, { cause });
  }
  // The next time, nobody need be asked.
  for (const { id, version } of awaited) {
    const kind = refOfId(id, version);
    views.hold(kind, isWithoutStatus(kind.apiVersion, kind.kind) && !rules.readsWhole(kind));
  }
  const passed = `Health check passed in ${formatDuration(ctx.clock.now() - startedAt)}`;
  if (!isConditionTrue(ks.status?.conditions, "Healthy") || input.isNews)
    ctx.event({ severity: "info", reason: "Progressing", message: passed });
  ctx.condition("Healthy", { status: "True", reason: "Succeeded", message: passed });
}

/** Whatever it was, what came in is done at once. */
function canceled({ kind, metadata: { namespace = "", name = "" } }: KubeObject): Failure {
  const trigger = `${kind}/${namespace}/${name}`;
  return new Failure("HealthCheckCanceled", `New reconciliation triggered by ${trigger}`, {
    severity: "info",
    event: `Health checks canceled due to new reconciliation triggered by ${trigger}`,
    retry: { afterMs: 0 },
  });
}

/** `wait` wins: with it, `healthChecks` is not looked at. Objects that were left alone may be as they like. */
function awaitedOf(ks: Kustomization, { changes, applied, mayVanish }: HealthInput): readonly Awaited[] {
  const { wait, healthChecks } = ks.spec;
  const seen = new Map(applied.map(({ change, live }) => [formatId(change.id), live]));
  const awaited = (id: ObjectId, version: string): Awaited => {
    const key = formatId(id);
    return { id, version, seen: seen.get(key), mayVanish: mayVanish.has(key) };
  };
  if (wait === true) return changes.filter(({ action }) => action !== "skipped").map(({ id, version }) => awaited(id, version));
  return (healthChecks ?? []).map(({ apiVersion, kind, name, namespace }) => {
    // Flux' first API had no apiVersion here.
    const { group, version } = parseApiVersion(apiVersion || "apps/v1");
    return awaited({ group, kind, name, namespace: namespace ?? "" }, version);
  });
}

/** Waiting for oneself would never end. */
function isSelf({ group, kind, name, namespace }: ObjectId, { metadata }: Kustomization): boolean {
  return group === KUSTOMIZE_GROUP && kind === "Kustomization" && name === metadata.name && namespace === metadata.namespace;
}
