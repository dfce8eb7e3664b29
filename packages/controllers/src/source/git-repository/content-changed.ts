// SPDX-License-Identifier: Apache-2.0
import type { Artifact, GitRepository } from "@flux-ts/flux-api";

type Include = NonNullable<GitRepository["spec"]["include"]>[number];

/**
 * Whether something besides the commit makes the artifact another one: what the spec says of its content, the artifacts that it
 * includes, or a verification that has not been made.
 */
export function contentChanged({ spec, status }: GitRepository, included: readonly Artifact[]): boolean {
  return (
    spec.ignore !== status?.observedIgnore ||
    (spec.recurseSubmodules ?? false) !== (status?.observedRecurseSubmodules ?? false) ||
    !isSame(spec.sparseCheckout ?? [], status?.observedSparseCheckout ?? [], (a, b) => a === b) ||
    !isSame(spec.include ?? [], status?.observedInclude ?? [], isSameInclude) ||
    includesDiffer(included, status?.includedArtifacts) ||
    needsVerification(spec.verify, status?.sourceVerificationMode)
  );
}

/** Whether the artifacts to include are others than those that were. */
export function includesDiffer(included: readonly Artifact[], before: readonly Artifact[] | undefined): boolean {
  return !isSame(included, before ?? [], (a, b) => a.revision === b.revision && a.digest === b.digest);
}

/** Whether two entries of `spec.include` say the same. */
export function isSameInclude(a: Include, b: Include): boolean {
  return a.repository.name === b.repository.name && (a.fromPath ?? "") === (b.fromPath ?? "") && (a.toPath ?? "") === (b.toPath ?? "");
}

/** Whether something is to be verified that has not been: a commit when only its tag was, or the other way round. */
export function needsVerification(verify: GitRepository["spec"]["verify"], observed: string | undefined): boolean {
  if (verify === undefined) return false;
  const mode = verify.mode === undefined || verify.mode === "head" ? "HEAD" : verify.mode;
  // Both were verified: each of them was.
  return observed === undefined || (observed !== "TagAndHEAD" && observed !== mode);
}

function isSame<T>(a: readonly T[], b: readonly T[], equal: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, index) => b[index] !== undefined && equal(item, b[index]));
}
