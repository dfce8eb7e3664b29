// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import { sleep } from "@flux-ts/kube-core";
import type { HttpClient, HttpRequest, HttpResponse } from "./http-client.ts";
import { discard, withoutCredentials } from "./http-client.ts";
import { HttpError } from "./http-error.ts";

export interface RetryOptions {
  readonly clock: Clock;
  /** Attempts after the first. */
  readonly retries: number;
  /** Default 5 s, doubled with every attempt up to `maxWaitMs`. */
  readonly minWaitMs?: number;
  /** Default 30 s. */
  readonly maxWaitMs?: number;
}

/**
 * Asks again after no answer, 429 and 5xx (but 501). An answer's `Retry-After` (in seconds) is honoured up to `maxWaitMs`.
 *
 * @throws {HttpError} `… giving up after N attempt(s)`
 * @see hashicorp/go-retryablehttp, as the controllers of Flux configure it
 */
export async function requestWithRetries(http: HttpClient, request: HttpRequest, options: RetryOptions): Promise<HttpResponse> {
  const { clock, retries, minWaitMs = 5_000, maxWaitMs = 30_000 } = options;
  for (let attempt = 0; ; attempt++) {
    const end = await attemptOnce(http, request);
    if ("response" in end && !isRetried(end.response.status)) return end.response;
    if ("response" in end) await discard(end.response);
    request.signal?.throwIfAborted();
    if (attempt >= retries) throw giveUp(request, attempt + 1, "error" in end ? end.error : undefined);
    const askedMs = "response" in end ? Number(end.response.headers["retry-after"]) * 1000 : Number.NaN;
    const waitMs = Number.isFinite(askedMs) ? Math.max(0, askedMs) : minWaitMs * 2 ** Math.min(attempt, 20);
    await sleep(clock, Math.min(waitMs, maxWaitMs), request.signal ?? undefined);
  }
}

async function attemptOnce(
  http: HttpClient,
  request: HttpRequest,
): Promise<{ readonly response: HttpResponse } | { readonly error: unknown }> {
  try {
    return { response: await http.request(request) };
  } catch (error) {
    if (error instanceof HttpError && (error.code === "NO_ANSWER" || error.code === "TIMEOUT")) return { error };
    throw error;
  }
}

function isRetried(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function giveUp(request: HttpRequest, attempts: number, cause: unknown): HttpError {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  const what = `${request.method ?? "GET"} ${withoutCredentials(request.url)}`;
  return new HttpError("NO_ANSWER", `${what} giving up after ${attempts} attempt(s)${why}`, { cause });
}
