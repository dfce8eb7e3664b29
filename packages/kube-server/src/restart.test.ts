// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject, Transport } from "@flux-ts/kube-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ApiServer } from "./server.ts";
import { createApiServer } from "./server.ts";
import type { FileJournalOptions } from "./store/file-journal.ts";
import { openFileJournal } from "./store/file-journal.ts";

const clock = { now: () => Date.parse("2026-11-24T09:30:00Z"), after: () => () => undefined };
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";

const DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", properties: { size: { type: "integer", default: 3 } } } },
          },
        },
      },
    ],
  },
};

describe("an API server with a journal", () => {
  let folder: string;
  let server: ApiServer | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kube-server-"));
  });
  afterEach(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(options: Partial<FileJournalOptions> = {}): Transport {
    server?.close();
    server = undefined;
    server = createApiServer({ clock, journal: openFileJournal({ folder, ...options }) });
    return server.transport;
  }

  async function listed(transport: Transport, path: string): Promise<readonly KubeObject[]> {
    const { object } = await transport({ method: "GET", path });
    return (object as { items: readonly KubeObject[] }).items; // lists have items
  }

  test("starts again with what it had: objects, revisions, and what custom definitions serve", async () => {
    const before = start();
    await before({ method: "POST", path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: DEFINITION });
    await before({
      method: "POST",
      path: WIDGETS,
      body: { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec: {} },
    });
    await before({
      method: "POST",
      path: CONFIG_MAPS,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: "1" } },
    });
    const [maps, widgets] = [await listed(before, CONFIG_MAPS), await listed(before, WIDGETS)];

    const after = start();
    expect(await listed(after, CONFIG_MAPS)).toEqual(maps);
    expect(await listed(after, WIDGETS)).toEqual(widgets);
    expect(widgets[0]?.["spec"]).toEqual({ size: 3 });
    const { object } = await after({ method: "PATCH", path: `${CONFIG_MAPS}/a`, body: { data: { x: "2" } }, headers: MERGE });
    const version = Number((object as KubeObject).metadata.resourceVersion);
    expect(version).toBeGreaterThan(Number(maps[0]?.metadata.resourceVersion));
  });

  test("starting again writes nothing", async () => {
    start();
    const revision = server?.plane.store.revision;
    start();
    expect(server?.plane.store.revision).toBe(revision);
  });

  test("a watch from before the restart is told to list anew", async () => {
    const before = start();
    for (const name of ["a", "b", "c"])
      await before({ method: "POST", path: CONFIG_MAPS, body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name } } });
    const [first] = await listed(before, CONFIG_MAPS);
    const after = start();
    const { events } = await after({
      method: "GET",
      path: CONFIG_MAPS,
      query: { watch: "1", resourceVersion: first?.metadata.resourceVersion ?? "" },
    });
    const seen: unknown[] = [];
    for await (const event of events ?? []) seen.push(event);
    expect(seen).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
  });

  test("answers 507 when the disk is full, and goes on with what it has", async () => {
    let isFull = false;
    const transport = start({
      write: () => {
        if (isFull) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      },
    });
    isFull = true;
    const refused = await transport({
      method: "POST",
      path: CONFIG_MAPS,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
    });
    expect(refused).toMatchObject({ status: 507, object: { kind: "Status", reason: "InsufficientStorage" } });
    expect(await listed(transport, CONFIG_MAPS)).toEqual([]);
    isFull = false;
    const taken = await transport({
      method: "POST",
      path: CONFIG_MAPS,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
    });
    expect(taken.status).toBe(201);
  });
});

const MERGE = { "content-type": "application/merge-patch+json" };
