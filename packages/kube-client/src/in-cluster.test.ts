// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Transport } from "@flux-ts/kube-core";
import { createPki, issueServer } from "@flux-ts/kube-server";
import { connectInCluster, isInCluster } from "./in-cluster.ts";

test("a Pod is told from any other process by both variables that it is given", () => {
  expect(isInCluster({ KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" })).toBe(true);
  expect(isInCluster({ KUBERNETES_SERVICE_HOST: "10.0.0.1" })).toBe(false);
  expect(isInCluster({ KUBERNETES_SERVICE_HOST: "", KUBERNETES_SERVICE_PORT: "443" })).toBe(false);
});

test("the API server is asked with the mounted token, its certificate checked with the mounted CA", async () => {
  const { folder, env, seen } = await pod();
  await writeFile(join(folder, "namespace"), "apps\n");
  const { transport, namespace } = await connectInCluster({ clock: clockAt(() => 0), env, folder });
  onTestFinished(() => transport.close());
  expect(namespace).toBe("apps");
  expect(await ask(transport)).toBe(200);
  expect(seen).toEqual(["GET /version Bearer one"]);
});

test("a token that was rotated is used once it is a minute old, and at once where the old one is refused", async () => {
  let now = 0;
  const { folder, env, seen, refuse } = await pod();
  const { transport, namespace } = await connectInCluster({ clock: clockAt(() => now), env, folder });
  onTestFinished(() => transport.close());
  expect(namespace).toBe("default");
  await ask(transport);
  await writeFile(join(folder, "token"), "two\n");
  await ask(transport);
  now += 60_000;
  await ask(transport);
  await writeFile(join(folder, "token"), "three\n");
  refuse("two");
  expect(await ask(transport)).toBe(200);
  expect(seen.map((line) => line.split(" ").at(-1))).toEqual(["one", "one", "two", "two", "three"]);
});

test("another server than the mounted CA's is not trusted", async () => {
  const { folder, env, seen } = await pod();
  await writeFile(join(folder, "ca.crt"), createPki(Date.now()).authority.certificate);
  const { transport } = await connectInCluster({ clock: clockAt(() => 0), env, folder });
  onTestFinished(() => transport.close());
  await expect(ask(transport)).rejects.toThrow(/certificate/);
  expect(seen).toEqual([]);
});

test("an address of version 6 stands in brackets", async () => {
  const { folder, env } = await pod();
  const { transport } = await connectInCluster({ clock: clockAt(() => 0), env: { ...env, KUBERNETES_SERVICE_HOST: "::1" }, folder });
  onTestFinished(() => transport.close());
  await expect(ask(transport)).rejects.toThrow(`https://[::1]:${env.KUBERNETES_SERVICE_PORT}/version`);
});

test("what is missing is told: the variables, the CA, the token", async () => {
  const { folder, env } = await pod();
  const clock = clockAt(() => 0);
  await expect(connectInCluster({ clock, env: {}, folder })).rejects.toMatchObject({
    code: "NOT_IN_CLUSTER",
    message: "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
  });
  await rm(join(folder, "token"));
  await expect(connectInCluster({ clock, env, folder })).rejects.toMatchObject({ code: "UNREADABLE_FILE" });
  await rm(join(folder, "ca.crt"));
  await expect(connectInCluster({ clock, env, folder })).rejects.toThrow(/Cannot read "ca.crt" of the ServiceAccount/);
});

const clockAt = (now: () => number): { now: () => number; after: () => () => void } => ({ now, after: () => () => undefined });

async function ask(transport: Transport): Promise<number> {
  return (await transport({ method: "GET", path: "/version" })).status;
}

/** What a Pod has: a ServiceAccount in a folder, and an API server that tells what it was asked. */
async function pod(): Promise<{
  readonly folder: string;
  readonly env: { readonly KUBERNETES_SERVICE_HOST: string; readonly KUBERNETES_SERVICE_PORT: string };
  /** `METHOD path authorization` */
  readonly seen: readonly string[];
  refuse(token: string): void;
}> {
  const folder = await mkdtemp(join(tmpdir(), "in-cluster-"));
  const { authority } = createPki(Date.now());
  const seen: string[] = [];
  const refused = new Set<string>();
  const { key, certificate } = issueServer(authority, ["127.0.0.1"], Date.now());
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const { authorization = "" } = request.headers;
    seen.push(`${request.method ?? ""} ${request.url ?? ""} ${authorization}`);
    response.writeHead(refused.has(authorization) ? 401 : 200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address object; only a pipe has a string.
  const { port } = server.address() as AddressInfo;
  await writeFile(join(folder, "ca.crt"), authority.certificate);
  await writeFile(join(folder, "token"), "one\n");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return {
    folder,
    env: { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(port) },
    seen,
    refuse: (token) => void refused.add(`Bearer ${token}`),
  };
}
