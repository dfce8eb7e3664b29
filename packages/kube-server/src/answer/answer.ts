// SPDX-License-Identifier: Apache-2.0
import type { ApiError, KubeStatus } from "@flux-ts/kube-core";
import type { WatchStream } from "./watch-stream.ts";

/** What the server answers, before a front puts it into bytes. */
export interface Answer {
  readonly status: number;
  /** Beyond content-type and warning. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: `application/json`. */
  readonly contentType?: string;
  readonly object?: unknown;
  readonly text?: string;
  readonly watch?: WatchStream;
  readonly stream?: AsyncIterable<Uint8Array>;
  /** The answer as JSON in pieces, when that is cheaper than encoding `object`. */
  readonly encoded?: () => readonly Uint8Array[];
}

/** A Status with its code, and Retry-After where it says so. */
export function statusAnswer(status: KubeStatus): Answer {
  const retryAfter = status.details?.retryAfterSeconds;
  return {
    status: status.code ?? 500,
    object: status,
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": String(retryAfter) } }),
  };
}

export function errorAnswer(error: ApiError): Answer {
  return statusAnswer(error.status);
}
