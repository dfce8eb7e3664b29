// SPDX-License-Identifier: Apache-2.0
import type { Artifact, GitRepository } from "@flux-ts/flux-api";
import type { ReasonOf } from "@flux-ts/kube-core";
import type { Success } from "@flux-ts/kube-runtime";
import { Failure } from "@flux-ts/kube-runtime";
import { artifactOwner } from "../artifact-owner.ts";
import { keepArtifact } from "../keep-artifact.ts";
import { prefixed } from "../prefixed.ts";
import { checkoutRevision } from "./checkout-revision.ts";
import { contentChanged, includesDiffer } from "./content-changed.ts";
import { findIncludes } from "./includes.ts";
import { buildTree } from "./build-tree.ts";
import { remoteOf } from "./remote-of.ts";
import { announce } from "./announce.ts";
import { verifyCommit } from "./verify.ts";
import { checkSparse } from "./check-sparse.ts";
import type { GitRepositoryContext } from "./context.ts";

type Reason = ReasonOf<typeof GitRepository>;

/** Brings the artifact of a GitRepository up to date. @see source-controller gitrepository_controller.go */
export async function reconcile(repository: GitRepository, ctx: GitRepositoryContext): Promise<Success<Reason>> {
  const { spec } = repository;
  const { storage } = ctx.options;
  await ctx.progress(opening(repository));
  ctx.condition("StorageOperationFailed", undefined);
  const stored = await keepArtifact(repository.status?.artifact, storage, ctx);

  const remote = await ctx.step("AuthenticationFailed", () => remoteOf(repository, ctx));
  const includes = findIncludes(repository, ctx);
  ctx.condition("IncludeUnavailable", undefined);
  const included = includes.map(({ artifact }) => artifact);
  if (includesDiffer(included, repository.status?.includedArtifacts)) {
    await ctx.progress("building artifact: included artifacts differ from last observed includes", { drift: true });
  }
  ctx.condition("ArtifactOutdated", undefined);

  const isContentChanged = contentChanged(repository, included);
  const found = await ctx.step("GitOperationFailed", () => checkoutRevision(repository, remote, stored, isContentChanged, ctx));
  if (found.kind === "empty") throw new Failure("EmptyGitRepository", "git repository is empty");
  ctx.condition("FetchFailed", undefined);
  if (found.kind === "unchanged") return upToDate(repository, stored, found.revision, ctx);

  await using checkout = found.checkout;
  await ctx.step("GitOperationFailed", () => checkSparse(repository, checkout));
  await verifyCommit(repository, checkout.commit, ctx);
  const revision = spec.ref?.name ? checkout.absoluteRevision : checkout.revision;
  if (stored?.revision === revision && !isContentChanged) return upToDate(repository, stored, revision, ctx);
  if (stored?.revision !== revision) {
    const message = `new upstream revision '${revision}'`;
    if (stored !== undefined) ctx.condition("ArtifactOutdated", { status: "True", reason: "NewRevision", message });
    await ctx.progress(`building artifact: ${message}`, { drift: true });
  }

  const tree = await buildTree(repository, checkout, includes, ctx);
  const artifact = await ctx.step("ArchiveOperationFailed", () =>
    prefixed("unable to archive artifact to storage", () =>
      storage.store(artifactOwner(repository), `${checkout.commit.id}.tar.gz`, revision, tree),
    ),
  );
  recordObserved(repository, artifact, included, ctx);
  announce(repository, artifact, checkout.commit.message, ctx);
  ctx.condition("ArtifactOutdated", undefined);
  return inStorage(revision, ctx);
}

/** Removes everything that was stored for a GitRepository. */
export async function cleanup(repository: GitRepository, ctx: GitRepositoryContext): Promise<void> {
  const wasThere = await ctx.step("GarbageCollectionFailed", () =>
    prefixed("garbage collection for deleted resource failed", () => ctx.options.storage.removeAll(artifactOwner(repository))),
  );
  if (!wasThere) return;
  ctx.event({ severity: "trace", reason: "GarbageCollectionSucceeded", message: "garbage collected artifacts for deleted resource" });
}

function opening({ metadata, status }: GitRepository): string {
  const observed = status?.observedGeneration ?? -1;
  const { generation = 0 } = metadata;
  return generation === observed ? "reconciliation in progress" : `processing object: new generation ${observed} -> ${generation}`;
}

/** The end of a reconcile that found nothing new. */
function upToDate(repository: GitRepository, artifact: Artifact | undefined, revision: string, ctx: GitRepositoryContext): Success<Reason> {
  if (artifact !== undefined) announce(repository, artifact, undefined, ctx);
  const { ref } = repository.spec;
  // Commits and ranges are compared only after the checkout upstream, and are told in other words.
  const isCompared = Boolean(ref?.commit) || (Boolean(ref?.semver) && !ref?.name && !ref?.tag);
  if (isCompared)
    ctx.event({ severity: "trace", reason: "ArtifactUpToDate", message: `artifact up-to-date with remote revision: '${revision}'` });
  else {
    const message = `no changes since last reconciliation: observed revision '${revision}'`;
    ctx.event({ severity: "trace", reason: "GitOperationSucceeded", message });
  }
  return inStorage(revision, ctx);
}

function inStorage(revision: string, ctx: GitRepositoryContext): Success<Reason> {
  const success = { reason: "Succeeded", message: `stored artifact for revision '${revision}'` } as const;
  ctx.condition("ArtifactInStorage", { status: "True", ...success });
  return success;
}

function recordObserved({ spec }: GitRepository, artifact: Artifact, included: readonly Artifact[], ctx: GitRepositoryContext): void {
  ctx.record({
    artifact,
    includedArtifacts: included.length === 0 ? undefined : [...included],
    observedIgnore: spec.ignore,
    observedInclude: spec.include,
    observedRecurseSubmodules: spec.recurseSubmodules === true ? true : undefined,
    observedSparseCheckout: spec.sparseCheckout,
  });
}
