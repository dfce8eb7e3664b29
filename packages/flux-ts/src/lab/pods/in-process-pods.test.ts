// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@flux-ts/kube-client";
import { createClient, systemClock } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { silentLogger } from "@flux-ts/kube-runtime";
import type { ApiServer } from "@flux-ts/kube-server";
import { createApiServer, startControlPlane } from "@flux-ts/kube-server";
import { expect, onTestFinished, test } from "vitest";
import { inProcessPods } from "./in-process-pods.ts";
import { serveLogs } from "./log-subresource.ts";

/** A plane whose pods of ours run in this process. Those of controllers without code only tell so: nothing else is loaded. */
async function plane(): Promise<{ readonly server: ApiServer; readonly client: Client }> {
  const folder = mkdtempSync(join(tmpdir(), "pods-"));
  const clock = systemClock();
  const pods = inProcessPods({
    clock,
    random: Math.random,
    transport: () => server.transport,
    host: () => "127.0.0.1",
    folder: join(folder, "pods"),
    workerUrl: new URL("file:///none"),
    path: "",
    log: silentLogger,
  });
  const find = (namespace: string, name: string): KubeObject | undefined => server.plane.store.get("pods", `${namespace}/${name}`);
  const server: ApiServer = createApiServer({ clock, subresources: { "pods/log": serveLogs(find, (uid) => pods.logOf(uid)) } });
  const running = await startControlPlane(server, { level: "nodes", pods, podReadyAfterMs: 0 });
  onTestFinished(async () => {
    await running.stop();
    await pods.stopAll(0);
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { server, client: createClient(server.transport, { userAgent: "test" }) };
}

const podOf = (name: string, image: string, args: readonly string[] = []): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: { containers: [{ name: "manager", image, args }] },
});
const ref = (name: string): { apiVersion: string; kind: string; namespace: string; name: string } => ({
  apiVersion: "v1",
  kind: "Pod",
  namespace: "default",
  name,
});

interface Shown extends KubeObject {
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: { readonly waiting?: { readonly reason: string }; readonly running?: object };
    }[];
  };
}

/** Follows a pod until it is as wanted. */
async function until(client: Client, name: string, holds: (pod: Shown) => boolean): Promise<Shown> {
  const first = await client.get<Shown>(ref(name));
  if (holds(first)) return first;
  const events = await client.watch(
    { apiVersion: "v1", kind: "Pod" },
    { namespace: "default", resourceVersion: first.metadata.resourceVersion ?? "0" },
  );
  for await (const { object } of events) if (object.metadata.name === name && holds(object as Shown)) return object as Shown;
  throw new Error(`the watch of ${name} ended`);
}

const logOf = async (server: ApiServer, name: string, query: Record<string, string> = {}): Promise<{ status: number; text: string }> => {
  const { status, text, object } = await server.transport({ method: "GET", path: `/api/v1/namespaces/default/pods/${name}/log`, query });
  return { status, text: text ?? String((object as { message?: string } | undefined)?.message) };
};

test("a pod that carries a controller gets ready, has a log, and goes when it is deleted", async () => {
  const { server, client } = await plane();
  await client.create(podOf("one", "ghcr.io/fluxcd/notification-controller:v1"));
  const ready = await until(client, "one", (pod) => pod.status?.containerStatuses?.[0]?.ready === true);
  expect(ready.status?.phase).toBe("Running");

  const { text } = await logOf(server, "one");
  expect(JSON.parse(text)).toMatchObject({ level: "info", component: "notification-controller", msg: expect.stringContaining("no code") });
  expect((await logOf(server, "one", { timestamps: "true" })).text).toMatch(/^\d{4}-\d\d-\d\dT\S+Z \{"level":"info"/);
  expect((await logOf(server, "one", { tailLines: "0" })).text).toBe("");
  expect((await logOf(server, "one", { limitBytes: "10" })).text).toBe(text.slice(0, 10));
  expect((await logOf(server, "one", { sinceTime: "2999-01-01T00:00:00Z" })).text).toBe("");

  await client.delete(ref("one"));
  await expect(client.get(ref("one"))).rejects.toMatchObject({ code: 404 });
});

test("flags that cannot be read end the container: it waits to be started again, and its log says why", async () => {
  const { server, client } = await plane();
  await client.create(podOf("bad", "flux-controllers", ["source-controller", "--nope"]));
  const looping = await until(client, "bad", (pod) => pod.status?.containerStatuses?.[0]?.state.waiting?.reason === "CrashLoopBackOff");
  expect(looping.status?.containerStatuses?.[0]).toMatchObject({
    ready: false,
    restartCount: 1,
    lastState: { terminated: { exitCode: 2 } },
  });
  expect((await logOf(server, "bad")).text).toBe("unknown flag: --nope\n");
});

test("other pods are simulated, and have no log", async () => {
  const { server, client } = await plane();
  await client.create(podOf("web", "nginx"));
  await until(client, "web", (pod) => pod.status?.containerStatuses?.[0]?.ready === true);
  expect(await logOf(server, "web")).toMatchObject({ status: 501, text: expect.stringContaining("pods are simulated here") });
});

test.each([
  ["a pod that is not there", "none", {}, 404, 'pods "none" not found'],
  ["a container that is not there", "one", { container: "x" }, 400, "container x is not valid for pod one"],
  ["the container before", "one", { previous: "true" }, 400, 'previous terminated container "manager" in pod "one" not found'],
  ["lines that are no number", "one", { tailLines: "x" }, 400, "strconv.ParseInt"],
  ["a time that is none", "one", { sinceTime: "yesterday" }, 400, "sinceTime"],
])("the log of %s is refused", async (_, name, query, status, message) => {
  const { server, client } = await plane();
  await client.create(podOf("one", "helm-controller"));
  await until(client, "one", (pod) => pod.status?.containerStatuses?.[0]?.ready === true);
  const answer = await logOf(server, name, query);
  expect(answer.status).toBe(status);
  expect(answer.text).toContain(message);
});

test("a log that is followed goes on until the pod ends", async () => {
  const { server, client } = await plane();
  await client.create(podOf("one", "helm-controller"));
  await until(client, "one", (pod) => pod.status?.containerStatuses?.[0]?.ready === true);
  const { stream } = await server.transport({ method: "GET", path: "/api/v1/namespaces/default/pods/one/log", query: { follow: "true" } });
  const chunks: string[] = [];
  const reading = (async () => {
    for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk).toString());
  })();
  await client.delete(ref("one"));
  await reading;
  expect(chunks.join("")).toContain("helm-controller");
});
