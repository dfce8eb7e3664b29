// SPDX-License-Identifier: Apache-2.0
import { parseCommit } from "./commit.ts";
import { checkUnmoved, fetchReference } from "./fetch-reference.ts";
import { GitError } from "./git-error.ts";
import type { RefListing } from "./list-refs.ts";
import { ObjectReader } from "./object-reader.ts";
import { localEnvironment } from "./git-environment.ts";
import type { GitRemote } from "./remote.ts";
import { formatAbsoluteRevision, formatRevision, modernRevision } from "./revision.ts";
import type { SelectedRef, Target } from "./select-ref.ts";
import { selectByRange, selectRef } from "./select-ref.ts";
import type { CheckoutOptions, CheckoutResult, GitSession } from "./session.ts";

/** A commit that is to be read, and how to get it. */
export interface FoundCommit {
  readonly kind: "found";
  readonly commit: string;
  readonly tagObject?: string;
  /** What the revision shows; empty for a commit alone. */
  readonly reference: string;
  /** The reference to fetch; absent when the commit may be anywhere in the history of `history`. */
  readonly fetch: { readonly reference: string } | { readonly history: string };
}

/** Finds the commit that a target means, or that nothing needs to be done. @throws {GitError} as `GitClient.checkout` does */
export async function resolveTarget(
  session: GitSession,
  remote: GitRemote,
  target: Target,
  listing: RefListing,
  options: CheckoutOptions,
): Promise<FoundCommit | Exclude<CheckoutResult, { kind: "checkout" }>> {
  const observed = modernRevision(options.observedRevision ?? "");
  const current = options.force === true ? "" : observed;
  const cloning = `unable to clone '${remote.url}'`;
  const isEmpty = async (): Promise<boolean> => (await session.listRefs(remote, ["refs/"], options.signal)).refs.length === 0;
  switch (target.kind) {
    case "branch":
    case "tag": {
      const ref = selectRef(listing.refs, target.reference);
      if (ref !== undefined) return unlessObserved(ref, formatRevision(target.reference, ref.commit), target.reference, current);
      if (await isEmpty()) {
        if (observed !== "") throw emptyRepository(`unable to list remote for '${remote.url}': remote repository is empty`);
        if (target.kind === "branch") return { kind: "empty" };
        throw emptyRepository(`unable to clone: remote repository is empty: git repository: '${remote.url}'`);
      }
      throw new GitError("REFERENCE_NOT_FOUND", `${cloning}: couldn't find remote ref "${target.reference}"`);
    }
    case "name": {
      const ref = selectRef(listing.refs, target.reference);
      if (ref !== undefined) return unlessObserved(ref, formatAbsoluteRevision(target.reference, ref.commit), target.reference, current);
      throw new GitError("REFERENCE_NOT_FOUND", `unable to resolve ref '${target.reference}' to a specific commit`);
    }
    case "semver": {
      if (listing.refs.length === 0 && (await isEmpty())) {
        throw emptyRepository(`unable to clone: remote repository is empty: git repository: '${remote.url}'`);
      }
      const ref = await newest(session, listing, selectByRange(listing.refs, target.range), options.signal);
      return unlessObserved(ref, formatRevision(ref.name, ref.commit), ref.name, current);
    }
    case "commit":
      return resolveCommit(target, listing, cloning, current, isEmpty);
  }
}

async function resolveCommit(
  target: Target & { readonly kind: "commit" },
  listing: RefListing,
  cloning: string,
  observed: string,
  isEmpty: () => Promise<boolean>,
): Promise<FoundCommit | { readonly kind: "unchanged"; readonly revision: string }> {
  const commit = target.commit.toLowerCase();
  const reference = target.branch === undefined ? "" : `refs/heads/${target.branch}`;
  const heads =
    reference === ""
      ? listing.refs
      : [selectRef(listing.refs, reference)].flatMap((ref) => (ref === undefined ? [] : [{ name: ref.name, id: ref.commit }]));
  if (heads.length === 0) {
    const where = cloning.slice("unable to clone ".length);
    if (await isEmpty()) throw emptyRepository(`unable to clone: remote repository is empty: git repository: ${where}`);
    if (reference !== "") throw new GitError("REFERENCE_NOT_FOUND", `${cloning}: couldn't find remote ref "${reference}"`);
  }
  // A commit never changes: once read, it needs no second reading.
  const revision = formatRevision(reference, commit);
  if (revision === observed) return { kind: "unchanged", revision };
  const tip = heads.find(({ id }) => id === commit);
  return {
    kind: "found",
    commit,
    reference,
    fetch: tip === undefined ? { history: reference === "" ? "refs/heads/*" : reference } : { reference: tip.name },
  };
}

function unlessObserved(
  ref: SelectedRef,
  revision: string,
  reference: string,
  observed: string,
): FoundCommit | { readonly kind: "unchanged"; readonly revision: string } {
  if (revision === observed) return { kind: "unchanged", revision };
  const tagObject = ref.tagObject === undefined ? {} : { tagObject: ref.tagObject };
  return { kind: "found", commit: ref.commit, ...tagObject, reference, fetch: { reference: ref.name } };
}

/** Among tags of equal versions, the one whose commit was made last (G-REF-3). */
async function newest(
  session: GitSession,
  listing: RefListing,
  candidates: readonly SelectedRef[],
  signal: AbortSignal,
): Promise<SelectedRef> {
  const [first] = candidates;
  if (first === undefined) throw new GitError("SEMVER", "no match found for semver");
  if (candidates.every(({ commit }) => commit === first.commit)) return first;
  let best: { readonly ref: SelectedRef; readonly date: number } | undefined;
  for (const ref of candidates) {
    await using mirror = await fetchReference(session, listing, ref.name, ref.tagObject ?? ref.commit, signal);
    await checkUnmoved(mirror, ref.name, ref.tagObject ?? ref.commit);
    await using reader = new ObjectReader(mirror.folder, {
      env: localEnvironment(session.environment),
      signal,
      maxObjectBytes: session.maxObjectBytes,
    });
    const { committer } = parseCommit(await reader.read(ref.commit, "commit"));
    if (best === undefined || committer.date >= best.date) best = { ref, date: committer.date };
  }
  return best?.ref ?? first;
}

function emptyRepository(message: string): GitError {
  return new GitError("EMPTY_REPOSITORY", message);
}
