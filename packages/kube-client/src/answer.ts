// SPDX-License-Identifier: Apache-2.0
import type { KubeStatus, TransportResponse } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";

const reasonOfCode: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

const textOfCode: Readonly<Record<number, string>> = {
  400: "the server rejected our request for an unknown reason",
  401: "the server has asked for the client to provide credentials",
  403: "the server does not allow this request",
  404: "the server could not find the requested resource",
  405: "the server does not allow this method on the requested resource",
  406: "the server was unable to respond with a content type that the client supports",
  413: "Request entity too large: limit is 3145728",
  415: "the media type in the accept header is not supported",
  429: "the server has received too many requests and has asked us to try again later",
  503: "the server is currently unable to handle the request",
  504: "the server was unable to return a response in the time allotted, but may still be processing the request",
};

function isStatus(value: unknown): value is KubeStatus {
  return typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "Status";
}

/**
 * The error that an answer of 400 and more stands for. An answer without a Status (a proxy's page, plain text) gets
 * the words and the cause that client-go gives it.
 *
 * @see apimachinery api/errors NewGenericServerResponse
 */
export function toApiError(response: TransportResponse): ApiError {
  const { status: code, object, text } = response;
  if (isStatus(object)) return new ApiError(object.code === undefined ? { ...object, code } : object);
  const retryAfter = Number(response.headers["retry-after"]);
  const message =
    textOfCode[code] ??
    `an error on the server (${JSON.stringify((text ?? "unknown").slice(0, 500))}) has prevented the request from succeeding`;
  return new ApiError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: reasonOfCode[code] ?? "InternalError",
    details: {
      causes: [{ reason: "UnexpectedServerResponse", message: (text ?? "unknown").slice(0, 2048) }],
      ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfterSeconds: retryAfter } : {}),
    },
    code,
  });
}

/** The decoded object of an answer. @throws {ApiError} when the answer is a failure or no JSON object */
export function objectOf(response: TransportResponse, what: string): Record<string, unknown> {
  if (response.status >= 400) throw toApiError(response);
  const { object } = response;
  if (typeof object === "object" && object !== null && !Array.isArray(object)) return object as Record<string, unknown>;
  throw new Error(`${what}: the server answered ${response.status} with something that is not a JSON object; is this a Kubernetes API?`);
}

/**
 * Whether the server said that it has no such resource at all, as opposed to no such object: its plain 404 has no
 * Status of its own, or one with the cause `UnexpectedServerResponse`.
 */
export function isPathMissing(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code !== 404) return false;
  const { details, message } = error.status;
  return (
    details?.causes?.some(({ reason }) => reason === "UnexpectedServerResponse" || reason === "NoKindMatch") === true ||
    (details?.name === undefined && message === "the server could not find the requested resource")
  );
}

/** The error for a kind that discovery does not list. @see controller-runtime meta.NoKindMatchError for the text */
export function kindMissing(apiVersion: string, kind: string): ApiError {
  return new ApiError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
    reason: "NotFound",
    details: { kind, causes: [{ reason: "NoKindMatch", message: `${apiVersion}, Kind=${kind}` }] },
    code: 404,
  });
}

/** Whether an error says that the server does not have the kind (its CRD is not installed, or its version is not served). */
export function isKindMissing(error: unknown): boolean {
  return isPathMissing(error);
}
