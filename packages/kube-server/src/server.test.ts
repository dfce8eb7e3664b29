// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, TransportResponse } from "@flux-ts/kube-core";
import { describe, expect, test } from "vitest";
import { createApiServer } from "./server.ts";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

function newServer(history?: number): ReturnType<typeof createApiServer> {
  const clock = { now: () => Date.parse("2026-11-24T09:30:00Z"), after: () => () => undefined };
  return createApiServer({ clock, ...(history === undefined ? {} : { history }) });
}

function configMap(name: string, data: Record<string, string> = {}, labels?: Record<string, string>): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...(labels ? { labels } : {}) }, data };
}

function objectOf(response: TransportResponse): KubeObject {
  return response.object as KubeObject; // every answer of these tests is an object or a Status
}

describe("the in-process door", () => {
  test("creates, reads and deletes an object", async () => {
    const { transport } = newServer();
    const created = await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("a", { x: "1" }) });
    expect(created.status).toBe(201);
    expect(objectOf(created).metadata).toMatchObject({ name: "a", namespace: "default", creationTimestamp: "2026-11-24T09:30:00Z" });
    const read = await transport({ method: "GET", path: `${CONFIG_MAPS}/a` });
    expect(read.object).toEqual(created.object);
    const deleted = await transport({ method: "DELETE", path: `${CONFIG_MAPS}/a` });
    expect(deleted.object).toMatchObject({
      status: "Success",
      details: { name: "a", kind: "configmaps", uid: objectOf(created).metadata.uid },
    });
    const missing = await transport({ method: "GET", path: `${CONFIG_MAPS}/a` });
    expect(missing.object).toMatchObject({ message: 'configmaps "a" not found', reason: "NotFound", code: 404 });
  });

  test("hands out frozen objects", async () => {
    const { transport } = newServer();
    await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("a", { x: "1" }) });
    const { object } = await transport({ method: "GET", path: `${CONFIG_MAPS}/a` });
    expect(Object.isFrozen((object as { data: object }).data)).toBe(true);
  });

  test("tells a watch what changed since its version, and what changes then", async () => {
    const { transport } = newServer();
    const first = objectOf(await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("a") }));
    await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("b") });
    const { events } = await transport({
      method: "GET",
      path: CONFIG_MAPS,
      query: { watch: "1", resourceVersion: first.metadata.resourceVersion ?? "" },
    });
    const seen: string[] = [];
    const reader = (async () => {
      for await (const { type, object } of events ?? []) {
        seen.push(`${type} ${object.metadata.name}`);
        if (seen.length === 3) break;
      }
    })();
    await transport({ method: "PUT", path: `${CONFIG_MAPS}/a`, body: configMap("a", { x: "2" }) });
    await transport({ method: "DELETE", path: `${CONFIG_MAPS}/a` });
    await reader;
    expect(seen).toEqual(["ADDED b", "MODIFIED a", "DELETED a"]);
  });

  test("a watch whose selector an object leaves is told that it is deleted, in its last matching state", async () => {
    const { transport } = newServer();
    await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("a", { x: "1" }, { app: "web" }) });
    const { events } = await transport({ method: "GET", path: CONFIG_MAPS, query: { watch: "1", labelSelector: "app=web" } });
    const iterator = (events as AsyncIterable<{ type: string; object: KubeObject }>)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ type: "ADDED" });
    const updated = objectOf(await transport({ method: "PUT", path: `${CONFIG_MAPS}/a`, body: configMap("a", { x: "2" }, { app: "db" }) }));
    const { value } = await iterator.next();
    expect(value).toMatchObject({
      type: "DELETED",
      object: { metadata: { labels: { app: "web" }, resourceVersion: updated.metadata.resourceVersion }, data: { x: "1" } },
    });
  });

  test("a watch from a revision that is no longer kept ends with 410", async () => {
    const { transport } = newServer(4);
    for (let index = 0; index < 8; index++) await transport({ method: "POST", path: CONFIG_MAPS, body: configMap(`c${index}`) });
    const { events } = await transport({ method: "GET", path: CONFIG_MAPS, query: { watch: "1", resourceVersion: "2" } });
    const seen: unknown[] = [];
    for await (const event of events ?? []) seen.push(event);
    expect(seen).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
  });

  test("a paged list shows one revision, whatever is written between its pages", async () => {
    const { transport } = newServer();
    for (const name of ["a", "b", "c"]) await transport({ method: "POST", path: CONFIG_MAPS, body: configMap(name) });
    const first = objectOf(await transport({ method: "GET", path: CONFIG_MAPS, query: { limit: "2" } }));
    await transport({ method: "DELETE", path: `${CONFIG_MAPS}/c` });
    await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("bb") });
    const token = (first.metadata as { continue?: string }).continue ?? "";
    const second = objectOf(await transport({ method: "GET", path: CONFIG_MAPS, query: { limit: "2", continue: token } }));
    expect((second["items"] as KubeObject[]).map(({ metadata }) => metadata.name)).toEqual(["c"]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test("a watch that begins while a write is told of sees each change once", async () => {
    const { transport, plane } = newServer();
    const seen: string[] = [];
    let reader: Promise<void> | undefined;
    const stop = plane.store.subscribe("configmaps", () => {
      stop();
      reader = transport({ method: "GET", path: CONFIG_MAPS, query: { watch: "1" } }).then(async ({ events }) => {
        for await (const { type, object } of events ?? []) {
          seen.push(`${type} ${object.metadata.name}`);
          if (seen.length === 2) break;
        }
      });
    });
    await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("a") });
    await Promise.resolve();
    await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("b") });
    await reader;
    expect(seen).toEqual(["ADDED a", "ADDED b"]);
  });

  test("an apply that changes nothing keeps the version, again and again", async () => {
    const { transport } = newServer();
    const apply = async (x: string): Promise<string | undefined> => {
      const { object } = await transport({
        method: "PATCH",
        path: `${CONFIG_MAPS}/a`,
        query: { fieldManager: "test" },
        headers: { "content-type": "application/apply-patch+yaml" },
        body: configMap("a", { x }),
      });
      return (object as KubeObject).metadata.resourceVersion; // an apply answers with the object
    };
    const first = await apply("1");
    expect([await apply("1"), await apply("1"), await apply("1")]).toEqual([first, first, first]);
    expect(Number(await apply("2"))).toBeGreaterThan(Number(first));
  });

  test("an apply whose body was changed in place is seen as what it is now", async () => {
    const { transport } = newServer();
    const apply = async (body: KubeObject): Promise<KubeObject> => {
      const headers = { "content-type": "application/apply-patch+yaml" };
      const { object } = await transport({ method: "PATCH", path: `${CONFIG_MAPS}/a`, query: { fieldManager: "test" }, headers, body });
      return object as KubeObject; // an apply answers with the object
    };
    await apply(configMap("a", { x: "1" }));
    const data = { x: "1" };
    const again = configMap("a", data);
    for (let round = 0; round < 4; round++) await apply(again);
    data.x = "2";
    expect((await apply(again))["data"]).toEqual({ x: "2" });
  });

  test("answers in YAML when that is asked for, errors as well", async () => {
    const { transport } = newServer();
    await transport({ method: "POST", path: CONFIG_MAPS, body: configMap("a", { x: "1" }) });
    const headers = { accept: "application/yaml, application/json;q=0.5" };
    const found = await transport({ method: "GET", path: `${CONFIG_MAPS}/a`, headers });
    expect(found.headers["content-type"]).toBe("application/yaml");
    expect(found.text).toMatch(/^apiVersion: v1\ndata:\n {2}x: "1"\nkind: ConfigMap\n/);
    const missing = await transport({ method: "GET", path: `${CONFIG_MAPS}/b`, headers });
    expect(missing).toMatchObject({ status: 404, text: expect.stringContaining("reason: NotFound") as unknown });
  });
});
