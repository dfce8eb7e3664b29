// SPDX-License-Identifier: Apache-2.0
// What a client that means ill can do to the server's connections: it must go on answering others, soon.
import { connect as connectHttp2, constants, type ClientHttp2Session } from "node:http2";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { connect as connectTcp, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startApi, type HttpsApi } from "./api-over-https.ts";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
/** Generous: other tests may run beside it. Without bounds it takes for ever. */
const SOON_MS = 5000;

let api: HttpsApi;
const closers: (() => unknown)[] = [];
beforeEach(async () => {
  api = await startApi({ bodyTimeoutMs: 500 });
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await api[Symbol.asyncDispose]();
});

async function expectAnswersSoon(): Promise<void> {
  const before = performance.now();
  expect((await api.call(CONFIG_MAPS)).status).toBe(200);
  expect(performance.now() - before).toBeLessThan(SOON_MS);
}

function tls(protocol: "h2" | "http/1.1"): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ ...api.client, ALPNProtocols: [protocol] }, () => resolve(socket));
    socket.on("error", reject);
    closers.push(() => socket.destroy());
  });
}

async function http2(): Promise<ClientHttp2Session> {
  const socket = await tls("h2");
  const session = connectHttp2("https://localhost", { createConnection: () => socket });
  session.on("error", () => {});
  closers.push(() => session.destroy());
  return session;
}

test("G31: a body that never ends coming is cut off, over HTTP/1.1 and HTTP/2", async () => {
  const socket = await tls("http/1.1");
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.resume();
  socket.write(`POST ${CONFIG_MAPS} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`);
  const stream = (await http2()).request({ ":method": "POST", ":path": CONFIG_MAPS, "content-type": "application/json" });
  stream.on("error", () => {});
  const closed = new Promise<void>((resolve) => stream.on("close", () => resolve()));
  stream.write("{");
  await Promise.all([ended, closed]);
  await expectAnswersSoon();
}, 20_000);

test("G31: a flood of streams that are reset at once does not keep others from an answer (rapid reset)", async () => {
  const session = await http2();
  const ended = new Promise<void>((resolve) => session.on("close", () => resolve()));
  let sent = 0;
  const flood = (): void => {
    if (session.destroyed || session.closed || sent >= 20_000) return;
    for (let index = 0; index < 100; index += 1) {
      if (session.destroyed || session.closed) return;
      const stream = session.request({ ":path": CONFIG_MAPS });
      stream.on("error", () => {});
      stream.close(constants.NGHTTP2_CANCEL);
      sent += 1;
    }
    setImmediate(flood);
  };
  flood();
  await expectAnswersSoon();
  // The server ends such a session by itself.
  await ended;
  await expectAnswersSoon();
}, 60_000);

test("G31: headers without end are refused", async () => {
  const long = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, "y".repeat(1000)]));
  expect((await api.call(CONFIG_MAPS, { headers: long })).status).toBe(431);
  await expectAnswersSoon();
}, 20_000);

test("G31: hundreds of connections that say nothing do not keep others from an answer", async () => {
  const idle = Array.from({ length: 500 }, (): Socket => {
    const socket = connectTcp(api.client.port, "127.0.0.1");
    socket.on("error", () => {});
    closers.push(() => socket.destroy());
    return socket;
  });
  await Promise.all(idle.map((socket) => new Promise<void>((resolve) => socket.once("connect", () => resolve()))));
  await expectAnswersSoon();
}, 20_000);
