// SPDX-License-Identifier: Apache-2.0
import { request } from "node:https";
import { parseJson } from "@flux-ts/kube-core";
import { systemClock } from "@flux-ts/kube-runtime";
import { createApiServer, createPki, issueClient, issueServer, serveHttps } from "@flux-ts/kube-server";

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes go as they are. */
  readonly body?: unknown;
  /** A bearer token; absent: the administrator's certificate; `null`: nobody. */
  readonly token?: string | null;
}

export interface Told {
  readonly status: number;
  readonly text: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** An API server over HTTPS, and its administrator. */
export interface HttpsApi extends AsyncDisposable {
  call(path: string, call?: Call): Promise<Told>;
  /** What a connection of the administrator's own making needs. */
  readonly client: { readonly host: string; readonly port: number; readonly servername: string } & Readonly<
    Record<"ca" | "cert" | "key", string>
  >;
  /** A token of a new ServiceAccount in the namespace `default`. */
  serviceAccount(name: string): Promise<string>;
}

export async function startApi(options: { readonly bodyTimeoutMs?: number } = {}): Promise<HttpsApi> {
  const clock = systemClock();
  const { authority, serviceAccountKey } = createPki(clock.now());
  const server = createApiServer({ clock, serviceAccountKey });
  const tls = { ...issueServer(authority, ["localhost", "127.0.0.1"], clock.now()), clientCa: authority.certificate };
  const front = await serveHttps(server, { tls, ...options });
  const admin = issueClient(authority, { user: "admin", groups: ["system:masters"] }, clock.now());

  const call: HttpsApi["call"] = (path, { method = "GET", headers = {}, body, token } = {}) =>
    new Promise((resolve, reject) => {
      const identity = token === undefined ? { cert: admin.certificate, key: admin.key } : {};
      const sent = request(
        {
          host: "127.0.0.1",
          port: new URL(front.url).port,
          path, // as it is: a URL would resolve what climbs in it
          ca: authority.certificate,
          servername: "localhost",
          agent: false,
          method,
          ...identity,
          headers: {
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...(typeof token === "string" ? { authorization: `Bearer ${token}` } : {}),
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            const isJson = (answer.headers["content-type"] ?? "").includes("json");
            // The server's own JSON: an object.
            const object = (isJson ? parseJson(text) : {}) as Told["object"];
            resolve({ status: answer.statusCode ?? 0, text, object });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body));
    });

  return {
    call,
    client: {
      host: "127.0.0.1",
      port: front.port,
      servername: "localhost",
      ca: authority.certificate,
      cert: admin.certificate,
      key: admin.key,
    },
    async serviceAccount(name) {
      const path = "/api/v1/namespaces/default/serviceaccounts";
      await call(path, { method: "POST", body: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } } });
      const { object } = await call(`${path}/${name}/token`, {
        method: "POST",
        body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
      });
      return (object["status"] as { token: string }).token;
    },
    async [Symbol.asyncDispose]() {
      await front.close();
      server.close();
    },
  };
}
