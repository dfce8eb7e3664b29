// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";
import type { RefListing } from "./list-refs.ts";
import type { Mirror } from "./mirrors.ts";
import { remoteKey } from "./remote.ts";
import type { GitSession } from "./session.ts";

/**
 * A mirror that holds the newest commit of a reference, without its history. Nothing is fetched when it has it already. A kept
 * mirror that fails is thrown away, and a new one tried.
 *
 * @param id what the reference was listed with
 */
export async function fetchReference(
  session: GitSession,
  listing: RefListing,
  reference: string,
  id: string,
  signal: AbortSignal,
): Promise<Mirror> {
  return withFreshRetry(session, `${remoteKey(listing.remote)} shallow`, listing.objectFormat, async (mirror) => {
    if ((await mirror.fetched(reference)) === id) return;
    await mirror.fetch(listing.remote, reference, { depth: 1, signal });
  });
}

/**
 * Between the list and the fetch somebody may have pushed: the revision must be that of what was fetched.
 *
 * @param id what the reference was listed with
 * @throws {GitError} REFERENCE_MOVED
 */
export async function checkUnmoved(mirror: Mirror, reference: string, id: string): Promise<void> {
  const fetched = await mirror.fetched(reference);
  if (fetched !== undefined && fetched !== id) throw new GitError("REFERENCE_MOVED", `${reference} moved while it was fetched`);
}

/** A mirror that holds the whole history of a reference (or of all branches). */
export async function fetchHistory(session: GitSession, listing: RefListing, references: string, signal: AbortSignal): Promise<Mirror> {
  return withFreshRetry(session, `${remoteKey(listing.remote)} history ${references}`, listing.objectFormat, (mirror) =>
    mirror.fetch(listing.remote, references, { signal }),
  );
}

async function withFreshRetry(
  session: GitSession,
  key: string,
  objectFormat: string,
  work: (mirror: Mirror) => Promise<void>,
): Promise<Mirror> {
  for (;;) {
    const mirror = await session.mirrors.hold(key, objectFormat);
    try {
      await work(mirror);
      return mirror;
    } catch (error) {
      mirror.discard();
      await mirror[Symbol.asyncDispose]();
      const isOurFault = error instanceof GitError && error.code === "GIT_FAILED" && mirror.isUsed;
      if (!isOurFault) throw error;
    }
  }
}
