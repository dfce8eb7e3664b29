// SPDX-License-Identifier: Apache-2.0
import type { Transport, TransportRequest } from "@flux-ts/kube-core";
import { stringifyJson } from "@flux-ts/kube-core";
import { decodeResponse } from "./response.ts";
import { requestHeaders } from "./request-headers.ts";
import { requestTarget } from "./url.ts";

/** Where the API is, and what to fetch with. */
export interface FetchTransportConfig {
  /** `""` in a browser whose page comes from the server itself. */
  readonly server: string;
  readonly fetch: typeof globalThis.fetch;
  readonly headers?: () => Promise<Readonly<Record<string, string>>>;
}

/** Kubernetes over `fetch`, for browsers. In Node `httpTransport` is several times cheaper. */
export function fetchTransport(config: FetchTransportConfig): Transport {
  const limits = { maxResponseBytes: 256 * 1024 * 1024, maxEventBytes: 64 * 1024 * 1024 };
  return async (request: TransportRequest) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(requestHeaders(request, (await config.headers?.()) ?? {}))) {
      for (const item of Array.isArray(value) ? value : [value]) headers.append(name, item);
    }
    const { body } = request;
    const answer = await config.fetch(`${config.server.replace(/\/+$/, "")}${requestTarget("", request)}`, {
      method: request.method,
      headers,
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : stringifyJson(body) }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    return decodeResponse(request, { status: answer.status, headers: Object.fromEntries(answer.headers), body: chunksOf(answer) }, limits);
  };
}

async function* chunksOf(answer: Response): AsyncGenerator<Uint8Array> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
