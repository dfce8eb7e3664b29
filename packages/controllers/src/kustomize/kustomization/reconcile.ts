// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import { RECONCILE_REQUESTED_AT } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import { formatDuration, stringifyJson } from "@flux-ts/kube-core";
import type { Success } from "@flux-ts/kube-runtime";
import { Failure } from "@flux-ts/kube-runtime";
import { effective, inventoryOf } from "@flux-ts/toolkit/apply";
import { ArtifactError, type FileTree } from "@flux-ts/toolkit/artifact";
import type { RemoteClusters } from "@flux-ts/toolkit/remote-cluster";
import type { Round } from "./applied-memory.ts";
import { beginRound, endRound, vanishingOf } from "./applied-memory.ts";
import { apply } from "./apply.ts";
import { buildObjects, type Built } from "./build.ts";
import type { BuildMemory } from "./build-memory.ts";
import { fallbackNote } from "./default-namespace.ts";
import { requireDependencies } from "./dependencies.ts";
import type { Equipment } from "./equipment.ts";
import { folderIn, requireFolder, rootOf } from "./folder.ts";
import { requireHealth } from "./health.ts";
import { addAttempt } from "./history.ts";
import { loadInputs, type Inputs } from "./inputs.ts";
import type { Interruption } from "./interruptions.ts";
import { healthRules } from "./judge.ts";
import { pruneStale } from "./prune.ts";
import { timeoutMs } from "./schedule.ts";
import { notYet, readSource, type Source } from "./sources.ts";
import { targetCluster } from "./target-cluster.ts";
import type { KustomizationContext } from "./types.ts";

type Reason = "ReconciliationSucceeded";

/**
 * Applies the artifact of the source: fetch, build, apply, prune, wait for health.
 *
 * `interruption` ends the wait for health. Where nothing changed, which the watches of the memory tell, nothing is fetched, built or asked for.
 *
 * @see kustomize-controller Reconcile(), reconcile(); spec §3.5, §3.6
 */
export async function reconcile(
  ks: Kustomization,
  { memory, builds, expressions, remotes }: Equipment,
  ctx: KustomizationContext,
  interruption?: Interruption,
): Promise<Success<Reason>> {
  const rules = healthRules(ctx.clock, await ctx.step("InvalidCELExpression", () => expressions.healthChecks(ks)));
  const source = await ctx.step("ArtifactFailed", () => readSource(ks, ctx));
  const { revision } = source.artifact;
  ctx.eventMetadata({ revision, originRevision: source.originRevision ?? "" });
  await ctx.step("DependencyNotReady", () => requireDependencies(ks, source.artifact, expressions, ctx));

  const startedAt = ctx.clock.now();
  await ctx.progress(`Fetching manifests for revision ${revision} with a timeout of ${limitOf(ks)}`);
  const cluster = await reachCluster(ks, source, remotes, ctx);
  const held = memory.of(ks.metadata.uid ?? "", cluster, ctx.cluster, ctx.observe);
  await remotes.closeUnused();
  const round = beginRound(held, keyOf(ks, source, ctx), memory.definitionsVersion(cluster, ctx.observe), mayTrust(ks, ctx));
  const work = await prepare(ks, source, round, builds, ctx);

  const attempt = (status: string): void => recordAttempt(ks, source, { digest: work.checksum, status, startedAt }, ctx);
  const before = ks.status?.inventory?.entries ?? [];
  await ctx.progress(`Detecting drift for revision ${revision} with a timeout of ${limitOf(ks)}`);
  const { applied, moved } = await attempting(ctx, attempt, "ReconciliationFailed", () =>
    apply(ks, work.objects, { cluster, views: held.views, rules, only: work.only }, ctx),
  );
  const note = work.only === undefined ? fallbackNote(moved) : round.note;
  const changes = endRound(round, applied, { ...work, note });

  const entries = inventoryOf(changes);
  ctx.record({ inventory: { entries: [...entries] } });
  await attempting(ctx, attempt, "PruneFailed", () => pruneStale(ks, entries, before, cluster, ctx));
  const isNews = effective(changes).length > 0 && ks.status?.lastAppliedRevision !== revision;
  const health = { changes, applied, mayVanish: vanishingOf(held), revision, isNews };
  await attempting(ctx, attempt, "HealthCheckFailed", () =>
    requireHealth(ks, health, { cluster, views: held.views, rules, interruption }, ctx),
  );

  // Undefined removes what an earlier artifact left, which the type does not foresee.
  ctx.record({ lastAppliedRevision: revision, lastAppliedOriginRevision: source.originRevision } as Parameters<typeof ctx.record>[0]);
  attempt("ReconciliationSucceeded");
  return { reason: "ReconciliationSucceeded", message: `Applied revision: ${revision}${note}` };
}

/** What is to be applied, and of that what is to be looked at. */
interface Work {
  readonly objects: Built["objects"];
  readonly checksum: string;
  readonly inputs: Pick<Inputs, "digest" | "read">;
  /** Ids; the others are certainly as they were. Undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
}

async function prepare(ks: Kustomization, source: Source, round: Round, builds: BuildMemory, ctx: KustomizationContext): Promise<Work> {
  const { revision } = source.artifact;
  if (round.uncertain?.size === 0) {
    ctx.record({ lastAttemptedRevision: revision });
    return { objects: [], checksum: round.checksum, inputs: round.inputs, only: round.uncertain };
  }
  const { root, folder, tree } = await fetch(ks, source, ctx);
  const inputs = await ctx.step("BuildFailed", () => loadInputs(ks, ctx));
  const isStrict = ctx.options.features.strictPostBuildSubstitutions;
  const input = { tree, root, folder, spec: ks.spec, variables: inputs.variables, isStrict };
  const { objects, checksum } = await ctx.step("BuildFailed", () => buildObjects(input, ctx, builds));
  return { objects, checksum, inputs, only: checksum === round.checksum ? round.uncertain : undefined };
}

/** The cluster to apply to. Without it, what would be applied is fetched all the same, as upstream does it first. */
async function reachCluster(ks: Kustomization, source: Source, remotes: RemoteClusters, ctx: KustomizationContext): Promise<Client> {
  try {
    return await ctx.step("ReconciliationFailed", () => targetCluster(ks, remotes, ctx));
  } catch (error) {
    if (error instanceof Failure) await fetch(ks, source, ctx);
    throw error;
  }
}

interface Fetched {
  readonly root: string;
  readonly folder: string;
  readonly tree: FileTree;
}

async function fetch(ks: Kustomization, source: Source, ctx: KustomizationContext): Promise<Fetched> {
  const { revision } = source.artifact;
  const root = rootOf(source.artifact.digest);
  const folder = folderIn(root, ks.spec.path);
  const tree = await ctx.step("ArtifactFailed", () => fetchTree(source, root, folder, ctx));
  ctx.record({ lastAttemptedRevision: revision });
  await ctx.progress(`Building manifests for revision ${revision} with a timeout of ${limitOf(ks)}`);
  return { root, folder, tree };
}

async function fetchTree({ artifact }: Source, root: string, folder: string, ctx: KustomizationContext): Promise<FileTree> {
  try {
    const tree = await ctx.waiting(() => ctx.options.artifacts.fetch(artifact, ctx.signal));
    requireFolder(tree, root, folder);
    return tree;
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.code !== "NOT_FOUND") throw error;
    throw notYet(`Source is not ready, artifact not found, retrying in ${formatDuration(ctx.options.dependencyRequeueMs)}`, ctx);
  }
}

function limitOf(ks: Kustomization): string {
  return formatDuration(timeoutMs(ks));
}

/** Everything, beside variables and the cluster, that decides what is applied. */
function keyOf(ks: Kustomization, { artifact }: Source, ctx: KustomizationContext): string {
  return stringifyJson([artifact.revision, artifact.digest, ks.spec, ctx.options.features]);
}

/** Whoever asks for a reconcile wants the cluster looked at. */
function mayTrust(ks: Kustomization, ctx: KustomizationContext): { readonly fullCheckEvery: number } | undefined {
  const asked = ks.metadata.annotations?.[RECONCILE_REQUESTED_AT];
  return asked === undefined || asked === ks.status?.lastHandledReconcileAt ? { fullCheckEvery: ctx.options.fullCheckEvery } : undefined;
}

/** A step whose failure is an attempt that the history keeps. */
async function attempting<T>(
  ctx: KustomizationContext,
  attempt: (status: string) => void,
  reason: "ReconciliationFailed" | "PruneFailed" | "HealthCheckFailed",
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await ctx.step(reason, work);
  } catch (error) {
    if (error instanceof Failure) attempt(reason);
    throw error;
  }
}

function recordAttempt(
  ks: Kustomization,
  { artifact, originRevision }: Source,
  { digest, status, startedAt }: { readonly digest: string; readonly status: string; readonly startedAt: number },
  ctx: KustomizationContext,
): void {
  const endedAt = ctx.clock.now();
  const metadata = { revision: artifact.revision, ...(originRevision === undefined ? {} : { originRevision }) };
  const history = addAttempt(ks.status?.history, { digest, status, endedAt, durationMs: endedAt - startedAt, metadata });
  ctx.record({ history });
}
