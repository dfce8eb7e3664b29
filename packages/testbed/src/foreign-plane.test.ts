// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { conditionList, defineKind, type KubeObject, type ObjectOf } from "@flux-ts/kube-core";
import { integer, object, optional, string } from "@flux-ts/kube-core/schema";
import { createClient, systemClock } from "@flux-ts/kube-client";
import { configure, defineController, generationChanged } from "@flux-ts/kube-runtime";
import { createApiServer } from "@flux-ts/kube-server";
import { createWorld } from "./world.ts";

const Note = defineKind({
  group: "example.com",
  version: "v1",
  kind: "Note",
  plural: "notes",
  description: "A text.",
  spec: object({ text: string() }),
  status: object({ conditions: optional(conditionList()), observedGeneration: optional(integer()) }),
  reasons: { Succeeded: "Read.", Failed: "Not read." },
});

const notes = configure(
  defineController<typeof Note, undefined>({
    component: "note-controller",
    kind: Note,
    finalizer: "finalizers.example.com",
    watches: [{ kind: Note, when: generationChanged }],
    intervalMs: () => 600_000,
    defaultReason: "Failed",
    readyInProgress: "Reconciliation in progress",
    reconcile: (note: ObjectOf<typeof Note>) => Promise.resolve({ reason: "Succeeded", message: `Read ${note.spec.text}` }),
  }),
  undefined,
  { intervalJitterPercent: 0 },
);

test("a world stands on a cluster elsewhere: its controllers work there, and what was made is gone when it ends, but for the definition", async () => {
  const server = createApiServer({ clock: systemClock() });
  const client = createClient(server.transport, { userAgent: "test" });
  const kept = await client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "kept", namespace: "default" } });
  {
    await using world = await createWorld({ cluster: server.transport, controllers: [notes] });
    await world.apply({ apiVersion: "example.com/v1", kind: "Note", metadata: { name: "a" }, spec: { text: "hello" } } as KubeObject);
    await world.settle();
    expect(await world.ready("Note", "a")).toBe("Read hello");
    expect((await world.get("Note", "a"))?.metadata.finalizers).toEqual(["finalizers.example.com"]);
    expect(() => world.server).toThrow("another process");
  }
  expect(await client.find({ apiVersion: "v1", kind: "ConfigMap", name: "kept", namespace: "default" })).toEqual(kept);
  const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "notes.example.com" };
  expect(await client.find(definition)).toBeDefined();
  expect((await client.list({ apiVersion: "example.com/v1", kind: "Note" })).items).toEqual([]);
  server.close();
});
