// SPDX-License-Identifier: Apache-2.0
import { describe, expect, onTestFinished, test } from "vitest";
import type { KubeObject, Transport, WatchEvent } from "@flux-ts/kube-core";
import {
  createApiServer,
  createFetch,
  createPki,
  issueClient,
  issueServer,
  kubeconfig,
  serveHttps,
  type ApiServer,
} from "@flux-ts/kube-server";
import { isKindMissing } from "./answer.ts";
import type { Client } from "./client.ts";
import { connect, ownKubeconfig } from "./connect.ts";
import { createClient } from "./create-client.ts";
import { fetchTransport } from "./fetch-transport.ts";
import { parseKubeconfig } from "./kubeconfig/parse-kubeconfig.ts";
import { selectFrom } from "./kubeconfig/select.ts";
import { systemClock } from "./system-clock.ts";

/** The ways to the same API. */
const ways: Readonly<Record<string, (server: ApiServer) => Promise<Transport>>> = {
  "in process": (server) => Promise.resolve(server.transport),
  "over fetch": (server) =>
    Promise.resolve(fetchTransport({ server: "https://cluster.local", fetch: createFetch(server) as typeof fetch })),
  "over HTTPS, by a kubeconfig with a client certificate": async (server) => {
    const now = Date.now();
    const { authority } = createPki(now);
    const front = await serveHttps(server, {
      tls: { ...issueServer(authority, ["localhost", "127.0.0.1"], now), clientCa: authority.certificate },
    });
    const text = kubeconfig({
      server: front.url,
      caCertificate: authority.certificate,
      client: issueClient(authority, { user: "admin", groups: ["system:masters"] }, now),
    });
    const transport = await connect(selectFrom(parseKubeconfig(text, "/kubeconfig")), {
      clock: systemClock(),
      trust: ownKubeconfig,
      env: {},
    });
    onTestFinished(async () => {
      await transport.close();
      await front.close();
    });
    return transport;
  },
};

const kind = { apiVersion: "v1", kind: "ConfigMap" };
const configMap = (name: string, data: Record<string, string> = { a: "1" }): KubeObject => ({
  ...kind,
  metadata: { name, namespace: "default" },
  data,
});
const ref = (name: string): { apiVersion: string; kind: string; namespace: string; name: string } => ({
  ...kind,
  namespace: "default",
  name,
});

describe.each(Object.entries(ways))("a client %s", (_, open) => {
  const setUp = async (): Promise<Client> => {
    const server = createApiServer({ clock: systemClock() });
    return createClient(await open(server), { userAgent: "test/1", pageSize: 2 });
  };

  test("creates, reads, updates, patches, applies and deletes", async () => {
    const client = await setUp();
    const created = await client.create(configMap("a"));
    expect(created.metadata.uid).toBeDefined();
    await client.update({ ...created, data: { a: "2" } });
    await expect(client.update({ ...created, data: { a: "3" } })).rejects.toMatchObject({ code: 409, reason: "Conflict" });
    await client.patch(ref("a"), { data: { b: "1" } }, { type: "merge", fieldManager: "m" });
    await client.patch(ref("a"), [{ op: "add", path: "/data/c", value: "1" }], { type: "json" });
    await client.patch(ref("a"), { data: { d: "1" } }, { type: "strategic" });
    expect(await client.get(ref("a"))).toMatchObject({ data: { a: "2", b: "1", c: "1", d: "1" } });
    await expect(client.apply(configMap("a", { b: "2" }), { fieldManager: "flux" })).rejects.toMatchObject({ code: 409 });
    const applied = await client.apply(configMap("a", { b: "2" }), { fieldManager: "flux", force: true });
    expect(applied.metadata.managedFields?.some(({ manager, operation }) => manager === "flux" && operation === "Apply")).toBe(true);
    const dry = await client.apply(configMap("new"), { fieldManager: "flux", dryRun: true });
    expect(dry.metadata.name).toBe("new");
    expect(await client.find(ref("new"))).toBeUndefined();
    await expect(client.delete(ref("a"), { uid: "another" })).rejects.toMatchObject({ code: 409 });
    await client.delete(ref("a"), { propagationPolicy: "Background" });
    await expect(client.get(ref("a"))).rejects.toMatchObject({ code: 404, message: 'configmaps "a" not found' });
  });

  test("lists page by page, whole or metadata only, and selects", async () => {
    const client = await setUp();
    for (const name of ["a", "b", "c", "d", "e"])
      await client.create({
        ...configMap(name),
        metadata: { name, namespace: "default", labels: { odd: String(name.charCodeAt(0) % 2 === 1) } },
      });
    const { items, resourceVersion } = await client.list(kind, { namespace: "default" });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c", "d", "e"]);
    expect(items.every((item) => item.kind === "ConfigMap" && item.apiVersion === "v1")).toBe(true);
    expect(Number(resourceVersion)).toBeGreaterThan(0);
    expect((await client.list(kind, { namespace: "default", labelSelector: "odd in (true)" })).items).toHaveLength(3);
    expect((await client.list(kind, { fieldSelector: "metadata.name=b" })).items).toHaveLength(1);
    const metadata = await client.list(kind, { namespace: "default", metadataOnly: true });
    expect(metadata.items.every((item) => item["data"] === undefined)).toBe(true);
  });

  test("watches from a version on, and stops when told", async () => {
    const client = await setUp();
    const { resourceVersion } = await client.list(kind, { namespace: "default" });
    const abort = new AbortController();
    const events = await client.watch(kind, { namespace: "default", resourceVersion, signal: abort.signal });
    const created = await client.create(configMap("watched"));
    await client.update({ ...created, data: { a: "ä" } });
    await client.delete(ref("watched"));
    const seen: WatchEvent[] = [];
    for await (const event of events) {
      seen.push(event);
      if (seen.length === 3) break;
    }
    expect(seen.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
    expect(seen[1]?.object).toMatchObject({ data: { a: "ä" } });
    abort.abort(new Error("enough"));
  });

  test("tells a missing kind from a missing object, and finds a kind that came later", async () => {
    const client = await setUp();
    const widget = { apiVersion: "example.com/v1", kind: "Widget" };
    const missing = await client.find({ ...widget, namespace: "default", name: "a" }).catch((error: unknown) => error);
    expect(isKindMissing(missing)).toBe(true);
    expect(missing).toMatchObject({ code: 404, message: 'no matches for kind "Widget" in version "example.com/v1"' });
    await client.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        ],
      },
    });
    await client.create({ ...widget, metadata: { name: "a", namespace: "default" } });
    expect(await client.find({ ...widget, namespace: "default", name: "a" })).toBeDefined();
    await client.delete({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "widgets.example.com" });
    const gone = await client.get({ ...widget, namespace: "default", name: "a" }).catch((error: unknown) => error);
    expect(isKindMissing(gone)).toBe(true);
  });

  test("a namespaced object without a namespace is answered as kubectl is", async () => {
    const client = await setUp();
    await expect(client.get({ ...kind, name: "a" })).rejects.toMatchObject({
      code: 404,
      message: "the server could not find the requested resource",
    });
  });

  test("knows every resource in its preferred version", async () => {
    const client = await setUp();
    const resources = await client.resources();
    expect(resources.find(({ kind: name }) => name === "Deployment")).toMatchObject({
      group: "apps",
      version: "v1",
      plural: "deployments",
      namespaced: true,
      shortNames: ["deploy"],
    });
    expect(resources.find(({ kind: name }) => name === "Namespace")).toMatchObject({ group: "", namespaced: false });
    expect(resources.filter(({ kind: name, group }) => name === "HorizontalPodAutoscaler" && group === "autoscaling")).toHaveLength(1);
  });

  test("acts as somebody else", async () => {
    const client = await setUp();
    const other = createClient(client.transport, { userAgent: "test", identity: { user: "jane", groups: ["system:authenticated"] } });
    const review: KubeObject = await other.create<KubeObject>({
      apiVersion: "authentication.k8s.io/v1",
      kind: "SelfSubjectReview",
      metadata: {},
    });
    expect(review["status"]).toMatchObject({ userInfo: { username: "jane" } });
  });
});
