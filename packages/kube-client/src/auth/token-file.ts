// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import type { Clock } from "@flux-ts/kube-core";
import type { Credentials } from "../http-transport.ts";
import { KubeClientError } from "../kube-client-error.ts";

/** Projected tokens are replaced before they expire: the file is read anew after so long. */
const freshMs = 60_000;

/** A bearer token in a file, read anew every minute; the last good one is kept while the file cannot be read. */
export function tokenFile(path: string, clock: Clock): Credentials {
  let token: string | undefined;
  let readAt = -Infinity;
  return {
    async headers() {
      if (token === undefined || clock.now() - readAt >= freshMs) {
        try {
          token = (await readFile(path, "utf8")).trim();
          readAt = clock.now();
        } catch (error) {
          if (token === undefined)
            throw new KubeClientError(
              "UNREADABLE_FILE",
              `Cannot read the token in ${JSON.stringify(path)}: ${String((error as Error).message)}`,
              { cause: error },
            );
        }
      }
      return { authorization: `Bearer ${token}` };
    },
    renew() {
      readAt = -Infinity;
      return true;
    },
  };
}
