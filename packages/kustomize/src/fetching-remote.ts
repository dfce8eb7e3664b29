// SPDX-License-Identifier: Apache-2.0
import { KustomizeError } from "./kustomize-error.ts";
import type { RemotePort } from "./remote.ts";

/** Fetches what builds name by an address, as promises. @see RemotePort */
export interface RemoteSource {
  readFile(address: string): Promise<ReturnType<RemotePort["readFile"]>>;
  openRepository(address: string): Promise<ReturnType<RemotePort["openRepository"]>>;
}

/** Thrown through a build that needs what is not fetched yet. */
class NotFetched extends Error {
  override readonly name = "NotFetched";
  readonly fetch: () => Promise<void>;

  constructor(address: string, fetch: () => Promise<void>) {
    super(`'${address}' is not fetched yet`);
    this.fetch = fetch;
  }
}

const maxFetches = 1000;

/**
 * Runs a build that may need remote bases and files: where one is missing, it is fetched and the build starts again, so
 * that each address is fetched once.
 *
 * @param work the build, such as `(remote) => build(fs, path, { remote })`; it runs several times
 * @throws {KustomizeError} what the build throws; TOO_LARGE when it asks for more than a thousand addresses
 */
export async function withRemote<T>(source: RemoteSource, work: (remote: RemotePort) => T): Promise<T> {
  const remote: RemotePort = {
    readFile: fetchedOnce((address) => source.readFile(address)),
    openRepository: fetchedOnce((address) => source.openRepository(address)),
  };
  for (let fetches = 0; ; fetches++) {
    try {
      return work(remote);
    } catch (error) {
      if (!(error instanceof NotFetched)) throw error;
      if (fetches === maxFetches) throw new KustomizeError("TOO_LARGE", `the build asks for more than ${maxFetches} remote addresses`);
      await error.fetch();
    }
  }
}

type Fetched<T> = { readonly value: T } | { readonly error: unknown };

function fetchedOnce<T>(fetch: (address: string) => Promise<T>): (address: string) => T {
  const results = new Map<string, Fetched<T>>();
  return (address) => {
    const result = results.get(address);
    if (result === undefined) {
      throw new NotFetched(address, async () => {
        results.set(
          address,
          await fetch(address).then(
            (value) => ({ value }),
            (error: unknown) => ({ error }),
          ),
        );
      });
    }
    if ("error" in result) throw result.error;
    return result.value;
  };
}

/** What a port throws becomes an error of the build, but for the wish to fetch first. */
export function fromRemote<T>(address: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof KustomizeError || cause instanceof NotFetched) throw cause;
    throw new KustomizeError("REMOTE", cause instanceof Error ? cause.message : String(cause), { path: address, cause });
  }
}
