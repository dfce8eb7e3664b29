// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { WatchEvent } from "@flux-ts/kube-core";
import { httpTransport, type HttpTransport, type HttpTransportConfig } from "./http-transport.ts";
import { systemClock } from "./system-clock.ts";

/** A server that answers as the test says, and a transport to it. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  config: Partial<HttpTransportConfig> = {},
): Promise<{ transport: HttpTransport; origin: string; sockets: () => number }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  let sockets = 0;
  server.on("connection", () => (sockets += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = httpTransport({ server: origin, clock: systemClock(), ...config });
  onTestFinished(async () => {
    await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { transport, origin, sockets: () => sockets };
}

const json = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
};

test("a request carries query, body, identity and credentials; the answer is decoded", async () => {
  const { transport } = await serve(
    (request, response, body) =>
      json(response, 201, {
        url: request.url,
        body,
        type: request.headers["content-type"],
        accept: request.headers.accept,
        authorization: request.headers.authorization,
        user: request.headers["impersonate-user"],
        groups: request.headers["impersonate-group"],
        extra: request.headers["impersonate-extra-example.com%2fscope"],
      }),
    { credentials: { headers: () => Promise.resolve({ authorization: "Bearer t" }) } },
  );
  const { status, object } = await transport({
    method: "POST",
    path: "/api/v1/namespaces/web/pods",
    query: { labelSelector: "a=b,c in (d,e)", dryRun: ["All"], continue: undefined },
    body: { big: 1 },
    identity: { user: "system:serviceaccount:web:app", groups: ["a", "b"], extra: { "example.com/scope": ["x"] } },
  });
  expect(status).toBe(201);
  expect(object).toEqual({
    url: "/api/v1/namespaces/web/pods?labelSelector=a%3Db%2Cc+in+%28d%2Ce%29&dryRun=All",
    body: '{"big":1}',
    type: "application/json",
    accept: "application/json",
    authorization: "Bearer t",
    user: "system:serviceaccount:web:app",
    groups: "a, b",
    extra: "x",
  });
});

test("connections are kept: a hundred requests need a handful", async () => {
  const { transport, sockets } = await serve((_, response) => json(response, 200, {}), { connections: 4 });
  await Promise.all(Array.from({ length: 100 }, () => transport({ method: "GET", path: "/version" })));
  expect(sockets()).toBeLessThanOrEqual(4);
});

test("a lease is renewed while all connections are taken", async () => {
  const { transport } = await serve(
    (request, response) => {
      if (request.url?.includes("/leases/")) json(response, 200, { kind: "Lease" });
    },
    { connections: 2 },
  );
  const stuck = Array.from({ length: 5 }, () => transport({ method: "GET", path: "/slow" }).catch(() => "ended"));
  expect((await transport({ method: "PUT", path: "/apis/coordination.k8s.io/v1/namespaces/a/leases/b", body: {} })).status).toBe(200);
  await transport.close();
  expect(await Promise.all(stuck)).toEqual(Array.from({ length: 5 }, () => "ended"));
});

test("a path that the server's URL begins with is kept", async () => {
  const { origin } = await serve((request, response) => json(response, 200, { url: request.url }));
  const under = httpTransport({ server: `${origin}/k8s/clusters/c-1/`, clock: systemClock() });
  onTestFinished(() => under.close());
  expect((await under({ method: "GET", path: "/api" })).object).toEqual({ url: "/k8s/clusters/c-1/api" });
});

test("watch events are split at line ends, wherever the bytes were cut, and a cut last line is not told", async () => {
  const lines = `${JSON.stringify({ type: "ADDED", object: { kind: "A", metadata: { name: "grün" } } })}\n\n{"broken\n${JSON.stringify({ type: "BOOKMARK", object: { kind: "A", metadata: {} } })}\n{"type":"ADDED","obj`;
  const { transport } = await serve((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const bytes = Buffer.from(lines);
    let at = 0;
    const step = (): void => {
      if (at >= bytes.length) return void response.end();
      response.write(bytes.subarray(at, at + 7), () => setImmediate(step));
      at += 7;
    };
    step();
  });
  const { events } = await transport({ method: "GET", path: "/api/v1/pods", query: { watch: "true" } });
  const seen: WatchEvent[] = [];
  for await (const event of events ?? []) seen.push(event);
  expect(seen.map(({ type }) => type)).toEqual(["ADDED", "ERROR", "BOOKMARK"]);
  expect(seen[0]?.object.metadata.name).toBe("grün");
  expect(seen[1]?.object).toMatchObject({ kind: "Status", code: 500 });
});

test("leaving the loop over a watch, or aborting it, closes its connection", async () => {
  const closed: Promise<void>[] = [];
  const { transport } = await serve((request, response) => {
    closed.push(new Promise((resolve) => request.socket.on("close", () => resolve())));
    response.writeHead(200, { "content-type": "application/json" });
    response.write(`${JSON.stringify({ type: "ADDED", object: { kind: "A", metadata: {} } })}\n`);
  });
  const watch = { method: "GET", path: "/api/v1/pods", query: { watch: "true" } };
  const first = await transport(watch);
  for await (const _ of first.events ?? []) break;
  await closed[0];
  const abort = new AbortController();
  const second = await transport({ ...watch, signal: abort.signal });
  const reading = (async () => {
    for await (const _ of second.events ?? []) abort.abort(new Error("enough"));
  })();
  await expect(reading).rejects.toThrow();
  await closed[1];
});

test("429 is asked again after the time that the server says; a Status of 400 and more is an answer", async () => {
  let requests = 0;
  const { transport } = await serve((_, response) => {
    requests += 1;
    if (requests < 3) json(response, 429, { kind: "Status", code: 429 }, { "retry-after": "0" });
    else json(response, 409, { kind: "Status", code: 409, reason: "Conflict" });
  });
  const { status, object } = await transport({ method: "PATCH", path: "/x", body: {} });
  expect([status, requests]).toEqual([409, 3]);
  expect(object).toMatchObject({ reason: "Conflict" });
});

test("a 401 is asked again once, with a renewed token", async () => {
  let token = "old";
  const { transport } = await serve(
    (request, response) =>
      json(response, request.headers.authorization === "Bearer new" ? 200 : 401, { token: request.headers.authorization }),
    {
      credentials: {
        headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
        renew: () => {
          token = "new";
          return true;
        },
      },
    },
  );
  expect((await transport({ method: "GET", path: "/x" })).status).toBe(200);
});

test("no answer is an error that says where it went, and a too large one is given up", async () => {
  const { transport } = await serve((_, response) => json(response, 200, { text: "x".repeat(5000) }), { maxResponseBytes: 1000 });
  await expect(transport({ method: "GET", path: "/big" })).rejects.toThrow("larger than 1000 bytes");
  const nowhere = httpTransport({ server: "http://127.0.0.1:1", clock: systemClock() });
  onTestFinished(() => nowhere.close());
  await expect(nowhere({ method: "GET", path: "/api" })).rejects.toThrow(/GET http:\/\/127\.0\.0\.1:1\/api: .*ECONNREFUSED/);
});

test("a page of a proxy is an answer with text", async () => {
  const { transport } = await serve((_, response) => {
    response.writeHead(502, { "content-type": "text/html" });
    response.end("<h1>Bad Gateway</h1>");
  });
  expect(await transport({ method: "GET", path: "/x" })).toMatchObject({ status: 502, text: "<h1>Bad Gateway</h1>" });
});
