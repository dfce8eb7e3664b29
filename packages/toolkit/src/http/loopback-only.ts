// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from "node:http";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Whether a listen address is reached from this machine alone. */
export function isLoopbackAddress(host: string | undefined): boolean {
  return host !== undefined && (LOOPBACK.test(host) || host === "::1");
}

/**
 * For listeners on loopback: refuses what a web page sends. A page can make a browser on this machine ask a loopback port
 * under any name (DNS rebinding), so the Host must be a loopback name, and there must be no Origin.
 */
export function loopbackOnly(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { host = "", origin } = request.headers;
    if (LOOPBACK.test(host) && origin === undefined) return listener(request, response);
    response.writeHead(403, { "content-type": "text/plain; charset=utf-8", connection: "close" });
    // What is still being sent is not wanted.
    response.end("only programs of this machine are served, under a loopback name\n", () => request.destroy());
  };
}
