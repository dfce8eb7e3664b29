// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "./object.ts";

/** Who asks. Over HTTP it becomes `Impersonate-*` headers; in process the server takes it as authenticated. */
export interface Identity {
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface TransportRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | (string & {});
  /** Decoded of nothing: exactly as it stands in the URL, without the query, e.g. `/apis/apps/v1/namespaces/web/deployments/api`. */
  readonly path: string;
  /** Plain (not percent-encoded) values. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Names in lower case. `content-type` defaults to `application/json`, `accept` to JSON. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Absent: the transport's own identity. */
  readonly identity?: Identity;
  /** A plain object is JSON already decoded (never changed by the server); bytes are decoded by `content-type`. */
  readonly body?: Uint8Array | Readonly<Record<string, unknown>> | readonly unknown[];
  readonly signal?: AbortSignal;
}

export type WatchEventType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";

export interface WatchEvent {
  readonly type: WatchEventType;
  /** An object, or a Status for ERROR, or a Table or PartialObjectMetadata when the request asked for one. */
  readonly object: KubeObject;
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case; a header sent more than once (`warning`) is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** The decoded JSON answer. May be shared and frozen: never change it. */
  readonly object?: unknown;
  /** Answers that are not JSON (logs, health, `/metrics`). */
  readonly text?: string;
  /** Set for a watch. The stream ends when the server closes it or `signal` aborts; returning from the loop closes it. */
  readonly events?: AsyncIterable<WatchEvent>;
  /** Set for a followed log: chunks as they come. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

/**
 * One Kubernetes API, wherever it is: in this process, over HTTP, or over `fetch`.
 *
 * Answers with a status of 400 and more are answers, not errors: `object` then is a Status.
 * @throws {Error} only when no answer came: connection refused, reset, timed out, aborted
 */
export interface Transport {
  (request: TransportRequest): Promise<TransportResponse>;
}
