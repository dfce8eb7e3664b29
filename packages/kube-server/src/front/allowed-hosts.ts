// SPDX-License-Identifier: Apache-2.0

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"] as const;

/**
 * Whether a request may come from where its headers say it does: its Host is a name of this server, and no web page sent
 * it. A page can make a browser on this machine ask a loopback port under any name (DNS rebinding).
 */
export function isAllowedOrigin(host: string | undefined, origin: string | undefined, names: readonly string[]): boolean {
  if (origin !== undefined && origin !== "") return false;
  if (host === undefined || host === "") return false;
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return [...LOOPBACK, ...names].some((allowed) => allowed.toLowerCase() === name || `[${allowed.toLowerCase()}]` === name);
}
