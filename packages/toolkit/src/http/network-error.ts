// SPDX-License-Identifier: Apache-2.0

/** What Node tells of a connection that failed. */
interface NetworkFailure {
  readonly code?: string;
  readonly message: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly reason?: string;
  readonly cert?: { readonly subjectaltname?: string };
}

const unknownAuthority: ReadonlySet<string> = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_SIGNATURE_FAILURE",
]);

/**
 * Why a connection failed, in the words that Go programs use for it: they stand in conditions and events, where people and
 * alerts look for them.
 */
export function describeNetworkError(error: unknown, url: URL): string {
  const failure = rootOf(error);
  const code = failure.code ?? "";
  const address = failure.address === undefined ? url.host : `${bracketed(failure.address)}:${failure.port ?? portOf(url)}`;
  if (unknownAuthority.has(code)) return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
  switch (code) {
    case "ECONNREFUSED":
      return `dial tcp ${address}: connect: connection refused`;
    case "EHOSTUNREACH":
      return `dial tcp ${address}: connect: no route to host`;
    case "ENETUNREACH":
      return `dial tcp ${address}: connect: network is unreachable`;
    case "ENOTFOUND":
      return `dial tcp: lookup ${failure.hostname ?? url.hostname}: no such host`;
    case "EAI_AGAIN":
      return `dial tcp: lookup ${failure.hostname ?? url.hostname}: server misbehaving`;
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
      return `dial tcp ${address}: i/o timeout`;
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
      return "net/http: timeout awaiting response";
    case "ECONNRESET":
    case "EPIPE":
      return "read: connection reset by peer";
    case "UND_ERR_SOCKET":
      return "EOF";
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return "tls: failed to verify certificate: x509: certificate has expired or is not yet valid";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `tls: failed to verify certificate: x509: certificate is valid for ${namesOf(failure)}, not ${url.hostname}`;
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return "http: server gave HTTP response to HTTPS client";
    default:
      return failure.message;
  }
}

/** When several addresses were tried, what happened at the first; otherwise the innermost cause that has a code. */
function rootOf(error: unknown): NetworkFailure {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { readonly code?: string };
  const isWrapper = code === undefined || code === "UND_ERR_SOCKET";
  return isWrapper && error.cause instanceof Error ? rootOf(error.cause) : error;
}

function portOf(url: URL): string {
  return url.port !== "" ? url.port : url.protocol === "https:" ? "443" : "80";
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function namesOf({ cert }: NetworkFailure): string {
  return (cert?.subjectaltname ?? "")
    .split(", ")
    .map((name) => name.replace(/^(DNS|IP Address):/, ""))
    .join(", ");
}
