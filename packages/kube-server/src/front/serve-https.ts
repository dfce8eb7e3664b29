// SPDX-License-Identifier: Apache-2.0
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { createSecureServer } from "node:http2";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Writable } from "node:stream";
import type { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Identity } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { errorAnswer } from "../answer/answer.ts";
import { queryOf } from "../fetch-adapter.ts";
import type { ApiServer } from "../server.ts";
import { failure, unauthorized } from "../status-errors.ts";
import type { KeyPair } from "../tls/authority.ts";
import { isAllowedOrigin } from "./allowed-hosts.ts";
import { answerBody, headersOf } from "./answer-bytes.ts";
import type { TokenAuthenticator } from "./authenticate.ts";
import { ANONYMOUS, authenticate } from "./authenticate.ts";
import { eventLine } from "./event-line.ts";
import { readBody } from "./read-body.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
type Given = Answer & { readonly warnings: readonly string[] };

export interface ServeOptions {
  /** `127.0.0.1` when absent. */
  readonly host?: string;
  /** Any free one when absent or 0. */
  readonly port?: number;
  readonly tls: KeyPair & {
    /** Clients whose certificates this authority has signed are who these say. */
    readonly clientCa: string;
  };
  /** Names, besides loopback's, under which clients may ask for this server. */
  readonly names?: readonly string[];
  /** Bearer tokens besides those of service accounts, tried in order. */
  readonly tokens?: readonly TokenAuthenticator[];
  /** Answers below this size are sent as they are. 128 KiB when absent. */
  readonly gzipBytes?: number;
  /** How many bytes a watch may lag behind before it is closed. 16 MiB when absent. */
  readonly maxWatchLagBytes?: number;
  /** How long the body of a request may take to come, in milliseconds. A minute when absent. */
  readonly bodyTimeoutMs?: number;
}

/** A server that listens. */
export interface Front {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  readonly port: number;
  /** Ends connections and watches. */
  close(): Promise<void>;
}

const GZIP_BYTES = 128 * 1024;
const MAX_LAG_BYTES = 16 * 1024 * 1024;
/** Paths that need no credentials. */
const PUBLIC = /^\/(healthz|livez|readyz)(\/|$)/;
const gzipAsync = promisify(gzip);

/**
 * Serves an API over TLS, HTTP/1.1 and HTTP/2. Identities come from client certificates and bearer tokens; without
 * either only health is told.
 *
 * @throws {Error} when the address cannot be listened on
 */
export async function serveHttps(server: ApiServer, options: ServeOptions): Promise<Front> {
  const host = options.host ?? "127.0.0.1";
  const http = createSecureServer({
    allowHTTP1: true,
    cert: options.tls.certificate,
    key: options.tls.key,
    ca: options.tls.clientCa,
    requestCert: true,
    rejectUnauthorized: false, // tokens come without certificates; who shows one is checked below
    minVersion: "TLSv1.2",
    maxSessionMemory: 100,
    settings: { maxConcurrentStreams: 250 },
  });
  const sockets = new Set<Socket>();
  http.on("secureConnection", (socket: TLSSocket) => {
    sockets.add(socket);
    // Now, when the handshake has just told it, and not when a request asks: what a socket says of its peer ends with it.
    Object.defineProperty(socket, IDENTITY, { value: { identity: identityOf(socket) } satisfies Shown });
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  http.on("request", (request: Request, response: Response) => {
    void serve(server, options, request, response);
  });
  await listen(http, host, options.port ?? 0);
  const { port } = http.address() as AddressInfo; // it listens on an address, not on a pipe
  return {
    url: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(http: Http2SecureServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => {
      http.removeListener("error", reject);
      resolve();
    });
  });
}

async function serve(server: ApiServer, options: ServeOptions, request: Request, response: Response): Promise<void> {
  const abort = new AbortController();
  response.on("close", () => abort.abort());
  response.on("error", () => abort.abort());
  try {
    const given = await answer(server, options, request, abort.signal);
    await send(server, options, given, request, response, abort.signal);
  } catch (error) {
    if (abort.signal.aborted || response.headersSent) {
      response.destroy?.(error instanceof Error ? error : undefined);
      return;
    }
    const failed =
      error instanceof ApiError ? error : failure(500, "InternalError", error instanceof Error ? error.message : String(error));
    await send(server, options, { ...errorAnswer(failed), warnings: [] }, request, response, abort.signal).catch(() =>
      response.destroy?.(),
    );
  }
}

async function answer(server: ApiServer, options: ServeOptions, request: Request, signal: AbortSignal): Promise<Given> {
  const authority = request.headers[":authority"];
  const host = typeof authority === "string" ? authority : request.headers.host;
  if (!isAllowedOrigin(host, headerText(request.headers["origin"]), options.names ?? [])) {
    throw failure(
      403,
      "Forbidden",
      `Refused a request for host ${JSON.stringify(host ?? "")}: it does not come from a client of this server`,
      {},
    );
  }
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const identity = identify(server, options, request);
  if (!identity || (identity === ANONYMOUS && !PUBLIC.test(path))) throw unauthorized();
  const body = await readBody(request, options.bodyTimeoutMs);
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) if (!name.startsWith(":")) headers[name] = headerText(value);
  return server.handle({
    method: request.method ?? "GET",
    path,
    ...(mark < 0 ? {} : { query: queryOf(new URLSearchParams(target.slice(mark + 1))) }),
    headers,
    identity,
    ...(body === undefined ? {} : { body }),
    signal,
  });
}

function headerText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" || value === undefined ? value : value.join(", ");
}

/** Where a connection keeps who its certificate says it is: also what HTTP/2 shows of a socket passes it on. */
const IDENTITY = Symbol("identity");

interface Shown {
  /** Undefined: the certificate is no good. */
  readonly identity: Identity | undefined;
}

function identify(server: ApiServer, { tokens = [] }: ServeOptions, request: Request): Identity | undefined {
  const socket: object = ("stream" in request ? request.stream.session?.socket : undefined) ?? request.socket;
  const shown = (socket as { readonly [IDENTITY]?: Shown })[IDENTITY]?.identity; // set for every connection
  // A certificate that is in order is enough: what else is sent does not count.
  const header = headerText(request.headers["authorization"]);
  if (shown !== ANONYMOUS || header === undefined) return shown;
  const bearer = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
  return bearer === undefined
    ? undefined
    : authenticate({ bearerToken: bearer }, [...tokens, (token) => server.plane.tokens.authenticate(token).identity]);
}

function identityOf(socket: TLSSocket): Identity | undefined {
  const peer = socket.getPeerCertificate();
  const subject = (peer as { subject?: { CN?: string; O?: string | readonly string[] } } | undefined)?.subject;
  if (!subject) return ANONYMOUS;
  if (!socket.authorized) return undefined;
  const organizations = subject.O === undefined ? [] : typeof subject.O === "string" ? [subject.O] : subject.O;
  const identity = authenticate({ certificate: { commonName: subject.CN ?? "", organizations } }, []);
  const digest = peer.fingerprint256.replaceAll(":", "").toLowerCase();
  return identity && { ...identity, extra: { "authentication.kubernetes.io/credential-id": [`X509SHA256=${digest}`] } };
}

async function send(
  server: ApiServer,
  options: ServeOptions,
  given: Given,
  request: Request,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, values] of headersOf(given)) response.setHeader(name, values.length === 1 ? (values[0] as string) : [...values]);
  if (given.watch) return sendWatch(server, options, given, response, signal);
  if (given.stream) return sendStream(given, response);
  let bytes: Uint8Array = given.status === 304 ? Buffer.alloc(0) : answerBody(given);
  const accepts = headerText(request.headers["accept-encoding"]) ?? "";
  if (bytes.length >= (options.gzipBytes ?? GZIP_BYTES) && /\bgzip\b/.test(accepts)) {
    bytes = await gzipAsync(bytes, { level: constants.Z_BEST_SPEED });
    response.setHeader("content-encoding", "gzip");
    response.setHeader("vary", "Accept-Encoding");
  }
  response.setHeader("content-length", bytes.length);
  response.statusCode = given.status;
  const sink: Writable = response;
  sink.end(request.method === "HEAD" ? undefined : bytes);
}

function sendWatch(server: ApiServer, options: ServeOptions, given: Given, response: Response, signal: AbortSignal): void {
  const maxLag = options.maxWatchLagBytes ?? MAX_LAG_BYTES;
  begin(response, given.status);
  const sink: Writable = response;
  const stop = given.watch?.start({
    event: (event) => {
      if (sink.writableLength > maxLag) {
        // It would only fall further behind: the client begins anew from what it has.
        sink.destroy();
        return false;
      }
      sink.write(Buffer.concat(eventLine(server.plane.encoder, event)));
      return true;
    },
    end: () => sink.end(),
  });
  if (signal.aborted) stop?.();
  else signal.addEventListener("abort", () => stop?.(), { once: true });
}

/** Sends the head at once: clients of a stream wait for it. */
function begin(response: Response, status: number): void {
  response.statusCode = status;
  if ("flushHeaders" in response) response.flushHeaders();
}

async function sendStream(given: Given, response: Response): Promise<void> {
  begin(response, given.status);
  const sink: Writable = response;
  for await (const chunk of given.stream ?? []) {
    if (sink.destroyed) return;
    if (!sink.write(chunk)) await new Promise((resolve) => sink.once("drain", resolve).once("close", resolve));
  }
  sink.end();
}
