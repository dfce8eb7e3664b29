// SPDX-License-Identifier: Apache-2.0
import { homedir } from "node:os";
import { join } from "node:path";

/** Where programs that tests need are kept between runs: outside the repository, `XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(...parts: readonly string[]): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "flux-ts", ...parts);
}
