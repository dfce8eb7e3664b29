// SPDX-License-Identifier: Apache-2.0
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a path answers. Throwing is answered with 500. */
export type Probe = () =>
  | { readonly status: number; readonly body: string; readonly contentType?: string }
  | Promise<{ readonly status: number; readonly body: string; readonly contentType?: string }>;

/** A server that listens. */
export interface ProbeServer extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

/** `:8080`, `127.0.0.1:8080`, `[::1]:8080`. `0` and the empty text mean: do not listen. @throws {TypeError} */
export function parseListenAddress(address: string): { readonly host: string | undefined; readonly port: number } | undefined {
  if (address === "" || address === "0") return undefined;
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new TypeError(`Cannot listen on ${JSON.stringify(address)}: want host:port`);
  return { host: match[1] ?? (match[2] || undefined), port };
}

/**
 * Serves GET of some paths, nothing else: `/healthz`, `/readyz`, `/metrics`. Answers while the process is busy with
 * anything that does not hold its event loop.
 * @param guard what a request has to pass first: on loopback, that no web page sent it
 */
export async function serveProbes(
  address: { readonly host: string | undefined; readonly port: number },
  probes: Readonly<Record<string, Probe>>,
  guard: (listener: RequestListener) => RequestListener = (listener) => listener,
): Promise<ProbeServer> {
  const table = new Map(Object.entries(probes));
  const serve: RequestListener = (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const probe = table.get(path.length > 1 ? path.replace(/\/$/, "") : path);
    if (request.method !== "GET" && request.method !== "HEAD") answer(response, 405, "method not allowed");
    else if (probe === undefined) answer(response, 404, "not found");
    else void respond(probe, response);
  };
  const server = createServer(guard(serve));
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  server.maxConnections = 256;
  await listen(server, address);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close, [Symbol.asyncDispose]: close };
}

/** The probes of a manager. @see controller-runtime healthz.Ping */
export function healthProbes(isReady: () => boolean): Readonly<Record<string, Probe>> {
  return {
    "/healthz": () => ({ status: 200, body: "ok" }),
    "/readyz": () => (isReady() ? { status: 200, body: "ok" } : { status: 500, body: "not ready" }),
  };
}

async function respond(probe: Probe, response: ServerResponse): Promise<void> {
  try {
    const { status, body, contentType } = await probe();
    answer(response, status, body, contentType);
  } catch {
    answer(response, 500, "failed");
  }
}

function answer(response: ServerResponse, status: number, body: string, contentType = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "content-type": contentType, "x-content-type-options": "nosniff", "cache-control": "no-store" });
  response.end(body);
}

function listen(server: Server, { host, port }: { readonly host: string | undefined; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
