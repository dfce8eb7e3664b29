// SPDX-License-Identifier: Apache-2.0
import type { GitRepository } from "@flux-ts/flux-api";
import type { ReasonOf } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import type { GitCommit } from "@flux-ts/toolkit/git";
import { readSecret } from "@flux-ts/toolkit/secrets";
import type { GitRepositoryContext } from "./context.ts";

/**
 * Lets only commits through that the spec trusts. Signatures cannot be checked yet, so that nothing is trusted: a repository with
 * `spec.verify` never becomes ready.
 *
 * @throws {Failure} and sets SourceVerified=False
 */
export async function verifyCommit({ spec, metadata }: GitRepository, commit: GitCommit, ctx: GitRepositoryContext): Promise<void> {
  if (spec.verify === undefined) {
    ctx.record({ sourceVerificationMode: undefined });
    ctx.condition("SourceVerified", undefined);
    return;
  }
  const refuse = (reason: ReasonOf<typeof GitRepository>, message: string): Failure => {
    ctx.condition("SourceVerified", { status: "False", reason, message });
    return new Failure(reason, message);
  };
  try {
    await readSecret(ctx.cluster, metadata.namespace ?? "", spec.verify.secretRef.name, ctx.signal);
  } catch (error) {
    throw refuse("VerificationError", `public keys secret error: ${(error as Error).message}`);
  }
  if (commit.signature === "" && (spec.verify.mode === undefined || spec.verify.mode.toUpperCase() === "HEAD")) {
    throw refuse("InvalidCommitSignature", `signature verification of commit '${commit.id}' failed: unsupported signature type: empty`);
  }
  throw refuse(
    "VerificationError",
    `cannot verify the signature of commit '${commit.id}': signatures are not supported yet; remove spec.verify to use the commit unverified`,
  );
}
