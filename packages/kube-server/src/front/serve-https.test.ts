// SPDX-License-Identifier: Apache-2.0
import type { ClientHttp2Session } from "node:http2";
import { connect } from "node:http2";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wallClock } from "../../conformance/wall-clock.ts";
import type { ApiServer } from "../server.ts";
import { createApiServer } from "../server.ts";
import { createAuthority, issueClient, issueServer } from "../tls/authority.ts";
import { createPki } from "../tls/pki-files.ts";
import type { Front } from "./serve-https.ts";
import { serveHttps } from "./serve-https.ts";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

describe("the HTTPS front", () => {
  const now = Date.now();
  const { authority, serviceAccountKey } = createPki(now);
  const admin = issueClient(authority, { user: "admin", groups: ["system:masters"] }, now);
  let server: ApiServer;
  let front: Front;

  beforeAll(async () => {
    server = createApiServer({ clock: wallClock, serviceAccountKey });
    const tls = { ...issueServer(authority, ["localhost", "127.0.0.1"], now), clientCa: authority.certificate };
    front = await serveHttps(server, { tls, gzipBytes: 1000 });
  });
  afterAll(async () => {
    await front.close();
    server.close();
  });

  interface Call {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string | Uint8Array;
    readonly client?: { readonly certificate: string; readonly key: string };
  }

  function call(
    path: string,
    { method = "GET", headers = {}, body, client }: Call = {},
  ): Promise<{ answer: IncomingMessage; bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      const credentials = client ? { cert: client.certificate, key: client.key } : {};
      const request = httpsRequest(
        `${front.url}${path}`,
        { ca: authority.certificate, servername: "localhost", agent: false, method, headers, ...credentials },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () => resolve({ answer, bytes: Buffer.concat(chunks) }));
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  const statusOf = async (path: string, options?: Call): Promise<number | undefined> => (await call(path, options)).answer.statusCode;

  test("tells nobody but its clients anything but its health", async () => {
    expect(await statusOf("/healthz")).toBe(200);
    expect(await statusOf(CONFIG_MAPS)).toBe(401);
    expect(await statusOf(CONFIG_MAPS, { client: admin })).toBe(200);
  });

  test("does not believe the certificate of another authority", async () => {
    const stranger = issueClient(createAuthority(now), { user: "admin", groups: ["system:masters"] }, now);
    expect(await statusOf(CONFIG_MAPS, { client: stranger })).toBe(401);
  });

  test("knows a service account by its token, and what it may", async () => {
    const path = "/api/v1/namespaces/default/serviceaccounts";
    await server.transport({ method: "POST", path, body: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } } });
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { object } = await server.transport({ method: "POST", path: `${path}/robot/token`, body });
    const { token } = (object as { status: { token: string } }).status;
    const { answer, bytes } = await call(CONFIG_MAPS, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.statusCode).toBe(403);
    expect(bytes.toString()).toContain('User \\"system:serviceaccount:default:robot\\" cannot list resource');
    expect(await statusOf(CONFIG_MAPS, { headers: { authorization: `Bearer ${token}x` } })).toBe(401);
  });

  test("refuses what a web page sends, and names that are not its own", async () => {
    expect(await statusOf("/healthz", { headers: { origin: "https://evil.example" } })).toBe(403);
    expect(await statusOf("/healthz", { headers: { host: "evil.example" } })).toBe(403);
  });

  test("refuses bodies that are too large", async () => {
    const body = Buffer.alloc(3 * 1024 * 1024 + 1, 0x20);
    expect(await statusOf(CONFIG_MAPS, { client: admin, method: "POST", body })).toBe(413);
  });

  test("compresses large answers for who takes them so", async () => {
    const { answer, bytes } = await call("/api/v1", { client: admin, headers: { "accept-encoding": "gzip" } });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ kind: "APIResourceList" });
    expect((await call("/api/v1", { client: admin })).answer.headers["content-encoding"]).toBeUndefined();
  });

  test("streams a watch over HTTP/2, and drops it when the client goes", async () => {
    const session: ClientHttp2Session = connect(front.url, { ca: authority.certificate, cert: admin.certificate, key: admin.key });
    const stream = session.request({ ":path": `${CONFIG_MAPS}?watch=1&resourceVersion=${server.plane.store.revision}` });
    await new Promise((resolve) => stream.once("response", resolve));
    const line = new Promise<string>((resolve) => stream.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    await server.transport({
      method: "POST",
      path: CONFIG_MAPS,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "seen" } },
    });
    expect(JSON.parse(await line)).toMatchObject({ type: "ADDED", object: { metadata: { name: "seen" } } });
    const closed = new Promise((resolve) => stream.once("close", resolve));
    stream.close();
    await closed;
    session.destroy();
  });
});
