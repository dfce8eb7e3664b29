// SPDX-License-Identifier: Apache-2.0
import { createGunzip } from "node:zlib";
import type { Clock, Transport, TransportRequest, TransportResponse } from "@flux-ts/kube-core";
import { sleep, stringifyJson } from "@flux-ts/kube-core";
import { Pool, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from "undici";
import { decodeResponse, isFollow, isWatch, type RawResponse } from "./response.ts";
import { requestHeaders } from "./request-headers.ts";
import { requestTarget } from "./url.ts";

/** Headers that say who we are, made anew for every request: tokens rotate. */
export interface Credentials {
  headers(signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Called after a 401: forget what is cached. Returns whether it is worth trying again. */
  renew?(): boolean;
}

/** Where the API is, and how to reach it. */
export interface HttpTransportConfig {
  /** `https://host:6443`, also with a path. */
  readonly server: string;
  readonly clock: Clock;
  /** PEM. */
  readonly ca?: string | Uint8Array;
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  readonly insecureSkipTlsVerify?: boolean;
  /** The name that the server's certificate must have, where it is not the host of the URL. */
  readonly serverName?: string;
  /** `http://`, `https://` or `socks5://`. */
  readonly proxyUrl?: string;
  readonly credentials?: Credentials;
  /** Connections for requests; every watch has one of its own. Default 64. */
  readonly connections?: number;
  /** Default 256 MiB. */
  readonly maxResponseBytes?: number;
  /** Until the first byte of an answer. Default 60 s, as kube-apiserver's own limit. */
  readonly timeoutMs?: number;
  /** Asks for compressed answers: less traffic, more CPU. Default false. */
  readonly compress?: boolean;
}

/** A transport whose connections are kept until it is closed. */
export type HttpTransport = Transport & AsyncDisposable & { close(): Promise<void> };

const retries = 5;
const maxEventBytes = 64 * 1024 * 1024;

/**
 * Kubernetes over HTTP/1.1: a pool of kept connections for requests, and one without a limit for watches, followed logs
 * and leases, so that watches never starve requests, nor requests the renewal of a lease.
 *
 * An answer 429, or 503 with `Retry-After`, was not processed and is asked again after that time, five times at most;
 * a GET whose connection broke is asked again once; a 401 once when the credentials can be renewed.
 */
export function httpTransport(config: HttpTransportConfig): HttpTransport {
  const url = new URL(config.server);
  const limits = { maxResponseBytes: config.maxResponseBytes ?? 256 * 1024 * 1024, maxEventBytes };
  const requests = dispatcher(config, url, config.connections ?? 64);
  const streams = dispatcher(config, url, null);

  const ask = async (request: TransportRequest, body: Uint8Array | string | undefined): Promise<TransportResponse> => {
    const isStream = isWatch(request) || isFollow(request);
    const authorization = (await config.credentials?.headers(request.signal)) ?? {};
    const headers = requestHeaders(request, authorization);
    if (config.compress && !isStream) headers["accept-encoding"] = "gzip";
    const answer = await (isStream || isLease(request) ? streams : requests).request({
      origin: url.origin,
      path: requestTarget(url.pathname, request),
      method: request.method as Dispatcher.HttpMethod,
      headers,
      body: body ?? null,
      headersTimeout: config.timeoutMs ?? 60_000,
      // A watch is silent for as long as nothing happens; the server's own timeout ends it.
      bodyTimeout: isStream ? 0 : (config.timeoutMs ?? 60_000),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    return decodeResponse(request, raw(answer, request), limits);
  };

  const transport = async (request: TransportRequest): Promise<TransportResponse> => {
    request.signal?.throwIfAborted();
    const body = request.body === undefined || request.body instanceof Uint8Array ? request.body : stringifyJson(request.body);
    let renewed = false;
    let reconnected = false;
    for (let attempt = 0; ; attempt += 1) {
      let response: TransportResponse;
      try {
        response = await ask(request, body);
      } catch (error) {
        if (reconnected || request.method !== "GET" || !isBrokenConnection(error)) throw described(error, request, url);
        reconnected = true;
        continue;
      }
      if (response.status === 401 && !renewed && config.credentials?.renew?.()) {
        renewed = true;
        continue;
      }
      const waitMs = retryAfterMs(response);
      if (waitMs === undefined || attempt >= retries) return response;
      await sleep(config.clock, waitMs, request.signal);
    }
  };

  const close = async (): Promise<void> => {
    await Promise.all([requests.destroy(), streams.destroy()]);
  };
  return Object.assign(transport, { close, [Symbol.asyncDispose]: close });
}

/** The renewal of a lease must not stand behind a crowd of other requests. */
function isLease(request: TransportRequest): boolean {
  return request.path.startsWith("/apis/coordination.k8s.io/");
}

function dispatcher(config: HttpTransportConfig, url: URL, connections: number | null): Dispatcher {
  const connect = {
    ...(config.ca === undefined ? {} : { ca: toPem(config.ca) }),
    ...(config.cert === undefined ? {} : { cert: toPem(config.cert) }),
    ...(config.key === undefined ? {} : { key: toPem(config.key) }),
    ...(config.serverName === undefined ? {} : { servername: config.serverName }),
    rejectUnauthorized: !config.insecureSkipTlsVerify,
  };
  const kept = { connections, pipelining: 1, keepAliveTimeout: 60_000, keepAliveMaxTimeout: 600_000 };
  if (config.proxyUrl === undefined) return new Pool(url.origin, { ...kept, connect });
  const proxy = new URL(config.proxyUrl);
  if (proxy.protocol.startsWith("socks5")) {
    // `requestTls` is read by undici but missing in its types.
    const options = { ...kept, requestTls: connect };
    return new Socks5ProxyAgent(proxy, options);
  }
  const token =
    proxy.username === ""
      ? {}
      : { token: `Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString("base64")}` };
  return new ProxyAgent({ uri: proxy.origin, requestTls: connect, ...kept, ...token });
}

function toPem(value: string | Uint8Array): string | Buffer {
  return typeof value === "string" ? value : Buffer.from(value);
}

function raw(answer: Dispatcher.ResponseData, request: TransportRequest): RawResponse {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) headers[name] = value;
  const isCompressed = headers["content-encoding"] === "gzip";
  const body: AsyncIterable<Uint8Array> = isCompressed ? answer.body.pipe(createGunzip()) : answer.body;
  return { status: answer.statusCode, headers, body: isWatch(request) || isFollow(request) ? cancellable(body, answer) : body };
}

/** Leaving the loop over a stream closes its connection. */
async function* cancellable(body: AsyncIterable<Uint8Array>, answer: Dispatcher.ResponseData): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    answer.body.destroy();
  }
}

function isBrokenConnection(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET";
}

function retryAfterMs(response: TransportResponse): number | undefined {
  if (response.status !== 429 && response.status !== 503) return undefined;
  const seconds = Number(response.headers["retry-after"]);
  return Number.isFinite(seconds) && seconds >= 0 && response.headers["retry-after"] !== undefined
    ? Math.min(seconds, 60) * 1000
    : undefined;
}

/** Says where the request went; credentials are in headers only and so never in the text. */
function described(error: unknown, request: TransportRequest, url: URL): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  const why = error instanceof Error ? error.message || ((error as { code?: string }).code ?? error.name) : String(error);
  return new Error(`${request.method} ${url.origin}${request.path}: ${why}`, { cause: error });
}
