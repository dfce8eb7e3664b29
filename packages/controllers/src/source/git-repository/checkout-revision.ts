// SPDX-License-Identifier: Apache-2.0
import type { Artifact, GitRepository } from "@flux-ts/flux-api";
import { parseDuration } from "@flux-ts/kube-core";
import type { CheckoutResult, GitRemote } from "@flux-ts/toolkit/git";
import { deadline } from "@flux-ts/toolkit/git";
import { prefixed } from "../prefixed.ts";
import type { GitRepositoryContext } from "./context.ts";

const defaultTimeout = "60s";

/** Finds the newest revision and, unless it is the stored one, reads it. The timeout of the spec bounds it. */
export async function checkoutRevision(
  { spec, status }: GitRepository,
  remote: GitRemote,
  stored: Artifact | undefined,
  isContentChanged: boolean,
  ctx: GitRepositoryContext,
): Promise<CheckoutResult> {
  const wasInStorage = status?.conditions?.some(({ type, status: value }) => type === "ArtifactInStorage" && value === "True") === true;
  using limit = deadline(ctx.clock, parseDuration(spec.timeout ?? defaultTimeout), ctx.signal);
  // Awaited here: the deadline ends with this block.
  return await prefixed("failed to checkout and determine revision", () =>
    ctx.options.git.checkout(remote, spec.ref, {
      signal: limit.signal,
      observedRevision: wasInStorage ? stored?.revision : undefined,
      force: isContentChanged,
      sparse: spec.sparseCheckout?.map((folder) => (folder.startsWith("./") ? folder.slice(2) : folder)),
      recurseSubmodules: spec.recurseSubmodules,
    }),
  );
}
