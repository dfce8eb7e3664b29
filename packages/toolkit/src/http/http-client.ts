// SPDX-License-Identifier: Apache-2.0
import type { Dispatcher } from "undici";
import { Agent, ProxyAgent } from "undici";
import { HttpError } from "./http-error.ts";
import { describeNetworkError } from "./network-error.ts";
import { nextRequest } from "./redirect.ts";

export interface TlsOptions {
  /** PEM. Replaces the authorities of the system. */
  readonly ca?: string;
  /** PEM, both or none: a client certificate. */
  readonly cert?: string;
  readonly key?: string;
  /** Only where the user asked for it. */
  readonly insecureSkipVerify?: boolean;
}

export interface ProxyOptions {
  /** `http://` or `https://`, without credentials. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface HttpClientOptions {
  readonly tls?: TlsOptions;
  readonly proxy?: ProxyOptions;
  /** Default 30 s. */
  readonly connectTimeoutMs?: number;
  /** Between two pieces of an answer. Default 60 s. */
  readonly idleTimeoutMs?: number;
  /** Default `flux-ts`. */
  readonly userAgent?: string;
}

export interface HttpRequest {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal | undefined;
  /** How many redirects to follow. Default 0: a redirect is an answer. Credentials stay with the origin they were given for. */
  readonly maxRedirects?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a header that came more than once, the values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Must be read to the end, or left by `break`, for the connection to be used again. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The address that answered, after redirects. */
  readonly url: string;
}

/** HTTP/1.1 with connections that are kept and shared. One client per set of TLS options and proxy. */
export interface HttpClient extends AsyncDisposable {
  /** @throws {HttpError} when no answer came; the signal's reason when it aborts */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const dispatcher = createDispatcher(options);
  const userAgent = options.userAgent ?? "flux-ts";
  const once = async (request: HttpRequest): Promise<HttpResponse> => {
    const url = parseUrl(request.url);
    try {
      const answer = await dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method ?? "GET",
        headers: { "user-agent": userAgent, ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      return { status: answer.statusCode, headers: flatten(answer.headers), body: guarded(answer.body, request, url), url: url.href };
    } catch (error) {
      throw explain(error, request, url);
    }
  };
  return {
    async request(request) {
      let current = request;
      for (let left = request.maxRedirects ?? 0; ; left--) {
        const response = await once(current);
        const location = response.headers["location"];
        if (request.maxRedirects === undefined || !isRedirect(response.status) || location === undefined) return response;
        await discard(response);
        if (left <= 0) throw new HttpError("REDIRECT", `stopped after ${request.maxRedirects} redirects`);
        current = nextRequest(current, response.status, location);
      }
    },
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}

/** Reads an answer to its end. @throws {HttpError} TOO_LARGE as soon as more than `maxBytes` have come */
export async function readBody(response: HttpResponse, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes)
      throw new HttpError("TOO_LARGE", `the answer of ${withoutCredentials(response.url)} is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Lets go of an answer whose content does not matter. */
export async function discard(response: HttpResponse): Promise<void> {
  let left = 64 * 1024;
  for await (const chunk of response.body) {
    left -= chunk.length;
    if (left <= 0) return;
  }
}

/** `Get "https://host/path"`: how messages name a request. */
export function describeRequest(request: Pick<HttpRequest, "method" | "url">): string {
  const { method = "GET" } = request;
  return `${method.charAt(0)}${method.slice(1).toLowerCase()} "${withoutCredentials(request.url)}"`;
}

/** Queries that hold no secret, whoever wrote the URL. */
const harmlessQueries: ReadonlySet<string> = new Set(["?service=git-upload-pack", "?service=git-receive-pack"]);

/** The address without user, password, fragment, and query (which may hold a signature): what may stand in a message. */
export function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return "<invalid URL>";
  const url = new URL(address);
  url.username = "";
  url.password = "";
  if (!harmlessQueries.has(url.search)) url.search = "";
  url.hash = "";
  return url.href;
}

function createDispatcher(options: HttpClientOptions): Dispatcher {
  const { tls = {}, proxy } = options;
  const idle = options.idleTimeoutMs ?? 60_000;
  const secure = {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.insecureSkipVerify === true ? { rejectUnauthorized: false } : {}),
  };
  const timeouts = { headersTimeout: idle, bodyTimeout: idle, keepAliveTimeout: 30_000 };
  const connect = { timeout: options.connectTimeoutMs ?? 30_000, ...secure };
  if (proxy === undefined) return new Agent({ ...timeouts, connect });
  const token =
    proxy.username === undefined ? undefined : `Basic ${Buffer.from(`${proxy.username}:${proxy.password ?? ""}`).toString("base64")}`;
  // Without a tunnel for plain http: many proxies allow one to port 443 only.
  return new ProxyAgent({ uri: proxy.url, proxyTunnel: false, requestTls: secure, ...timeouts, ...(token === undefined ? {} : { token }) });
}

function parseUrl(address: string): URL {
  if (!URL.canParse(address)) throw new HttpError("INVALID_URL", "cannot send a request: the URL is invalid");
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new HttpError("INVALID_URL", `cannot send a request to ${url.protocol}//${url.host}: only http and https are supported`);
  }
  return url;
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const flat: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat.push([name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value]);
  }
  return Object.fromEntries(flat);
}

async function* guarded(body: AsyncIterable<Uint8Array>, request: HttpRequest, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw explain(error, request, url);
  }
}

function explain(error: unknown, request: HttpRequest, url: URL): unknown {
  if (request.signal?.aborted === true || error instanceof HttpError) return error;
  const { code = "" } = error as { readonly code?: string };
  const isTimeout = code.endsWith("_TIMEOUT") || code === "ETIMEDOUT";
  const message = `${describeRequest(request)}: ${describeNetworkError(error, url)}`;
  return new HttpError(isTimeout ? "TIMEOUT" : "NO_ANSWER", message, { cause: error });
}
