// SPDX-License-Identifier: Apache-2.0
import { Agent, request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import type { Suite } from "@flux-ts/testbed";
import { serveHttps } from "../src/front/serve-https.ts";
import { createAuthority, issueClient, issueServer } from "../src/tls/authority.ts";
import { knownFailures } from "./apiserver.known-failures.ts";
import { apiserverSuite } from "./apiserver.suite.ts";

/** The same transcripts over TLS: what differs is what the front does to requests and answers. */
export const suite: Suite = apiserverSuite(
  "apiserver-https",
  async (server) => {
    const now = Date.now();
    const authority = createAuthority(now);
    const tls = { ...issueServer(authority, ["localhost", "127.0.0.1"], now), clientCa: authority.certificate };
    const front = await serveHttps(server, { tls });
    const client = issueClient(authority, { user: "admin", groups: ["system:masters"] }, now);
    const agent = new Agent({ keepAlive: true, maxSockets: 64, ca: authority.certificate, cert: client.certificate, key: client.key });
    return {
      server: front.url,
      fetchLike: (url, init) => fetchOver(agent, url, init),
      close: async () => {
        agent.destroy();
        await front.close();
      },
    };
  },
  knownFailures,
);

/** `fetch` over an agent with a client certificate, which the built-in one cannot take. */
function fetchOver(agent: Agent, url: string, init: RequestInit = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const body = typeof init.body === "string" ? init.body : undefined;
    const headers: Record<string, string> = Object.fromEntries(new Headers(init.headers));
    if (body !== undefined) headers["content-length"] = String(Buffer.byteLength(body));
    const request = httpsRequest(
      url,
      { agent, method: init.method ?? "GET", headers, ...(init.signal ? { signal: init.signal } : {}) },
      (answer) => {
        const received = new Headers();
        for (let index = 0; index < answer.rawHeaders.length; index += 2) {
          received.append(answer.rawHeaders[index] ?? "", answer.rawHeaders[index + 1] ?? "");
        }
        const status = answer.statusCode ?? 500;
        const hasBody = status !== 204 && status !== 304;
        resolve(new Response(hasBody ? (Readable.toWeb(answer) as ReadableStream) : null, { status, headers: received })); // Node's own stream is the web's
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
