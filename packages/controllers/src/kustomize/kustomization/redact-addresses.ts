// SPDX-License-Identifier: Apache-2.0

/** User and password of an address, and its query, which may be a signature or a token. */
const SECRETS = /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#'"@]*@)+|(:\/\/[^\s'"?]*\?)([^\s'"]+)/gi;
/** Parameters by which kustomize knows what to fetch. */
const HARMLESS = /^(?:ref|version|submodules|timeout|depth)=/;

/** A message in which the addresses of remote bases hold nothing secret any more: it ends in a condition that many may read. */
export function redactAddresses(message: string): string {
  return message.replace(SECRETS, (_, scheme: string | undefined, address: string | undefined, query: string | undefined) => {
    if (scheme !== undefined) return `${scheme}***@`;
    const parameters = (query ?? "").split("&");
    return `${address ?? ""}${parameters.map((each) => (HARMLESS.test(each) ? each : each.replace(/=.*/s, "=***"))).join("&")}`;
  });
}
