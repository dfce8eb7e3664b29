// SPDX-License-Identifier: Apache-2.0
import type { Identity, TransportRequest } from "@flux-ts/kube-core";

/**
 * The headers of a request: what it says, JSON by default, and who it impersonates.
 *
 * @see the `Impersonate-*` headers of kube-apiserver's authentication reference; keys of `extra` are percent-encoded
 */
export function requestHeaders(
  request: TransportRequest,
  authorization: Readonly<Record<string, string>>,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { accept: "application/json" };
  for (const [name, value] of Object.entries(request.headers ?? {})) if (value !== undefined) headers[name] = value;
  if (request.body !== undefined) headers["content-type"] ??= "application/json";
  if (request.identity !== undefined) Object.assign(headers, impersonation(request.identity));
  Object.assign(headers, authorization);
  return headers;
}

function impersonation(identity: Identity): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { "impersonate-user": identity.user };
  if (identity.uid !== undefined) headers["impersonate-uid"] = identity.uid;
  if (identity.groups !== undefined && identity.groups.length > 0) headers["impersonate-group"] = [...identity.groups];
  for (const [key, values] of Object.entries(identity.extra ?? {})) {
    headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = [...values];
  }
  return headers;
}
