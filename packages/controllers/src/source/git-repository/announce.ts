// SPDX-License-Identifier: Apache-2.0
import type { Artifact, GitRepository } from "@flux-ts/flux-api";
import { shortMessage } from "@flux-ts/toolkit/git";
import type { GitRepositoryContext } from "./context.ts";

const failures: ReadonlySet<string> = new Set(["FetchFailed", "IncludeUnavailable", "StorageOperationFailed"]);

/**
 * Tells of a new artifact, or of the end of a failure. Nothing is told of an artifact that is the same.
 *
 * @param commitMessage absent when the commit was not read again
 */
export function announce(before: GitRepository, artifact: Artifact, commitMessage: string | undefined, ctx: GitRepositoryContext): void {
  const isNew = before.status?.artifact?.digest !== artifact.digest;
  const hadFailed = before.status?.conditions?.some(({ type, status }) => failures.has(type) && status === "True") === true;
  if (!isNew && !hadFailed) return;
  ctx.event({
    severity: "info",
    reason: isNew ? "NewArtifact" : "Succeeded",
    message: `stored artifact for commit '${commitMessage === undefined ? artifact.revision : shortMessage(commitMessage)}'`,
    metadata: { revision: artifact.revision, digest: artifact.digest },
  });
}
