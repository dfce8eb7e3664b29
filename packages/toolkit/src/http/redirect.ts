// SPDX-License-Identifier: Apache-2.0
import type { HttpRequest } from "./http-client.ts";
import { HttpError } from "./http-error.ts";

/** Headers that belong to the origin they were sent to, and to no other. */
const credentialHeaders: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization", "www-authenticate"]);

/**
 * The request that follows a redirect. Credentials go only to the origin (scheme, host and port) that they were given for, or
 * to the same host once encrypted; and a connection that was encrypted stays so.
 *
 * @throws {HttpError} REDIRECT to another scheme than http(s), or from https to http
 */
export function nextRequest(request: HttpRequest, status: number, location: string): HttpRequest {
  const from = new URL(request.url);
  if (!URL.canParse(location, from.href)) throw new HttpError("REDIRECT", "cannot follow a redirect: its location is not a URL");
  const to = new URL(location, from);
  const isDowngrade = from.protocol === "https:" && to.protocol === "http:";
  if (isDowngrade || (to.protocol !== "http:" && to.protocol !== "https:")) {
    throw new HttpError(
      "REDIRECT",
      `cannot follow the redirect from ${from.origin} to ${to.protocol}//${to.host}: the connection would no longer be safe`,
    );
  }
  to.username = "";
  to.password = "";
  const isSameOrigin = from.origin === to.origin || isUpgrade(from, to);
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => isSameOrigin || !credentialHeaders.has(name.toLowerCase()));
  const { body, method = "GET", ...rest } = request;
  const becomesGet = status === 303 || (method === "POST" && (status === 301 || status === 302));
  const kept = becomesGet
    ? { method: method === "HEAD" ? ("HEAD" as const) : ("GET" as const) }
    : { method, ...(body === undefined ? {} : { body }) };
  return { ...rest, ...kept, url: to.href, headers: Object.fromEntries(headers) };
}

/** From the usual port of http to the usual one of https, on the same host: the same server, only safer. */
function isUpgrade(from: URL, to: URL): boolean {
  return from.protocol === "http:" && to.protocol === "https:" && from.hostname === to.hostname && from.port === "" && to.port === "";
}
