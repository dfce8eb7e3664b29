// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from "vitest";
import { conditionList, defineKind, toCustomResourceDefinition, type KubeObject } from "@flux-ts/kube-core";
import { integer, object, optional } from "@flux-ts/kube-core/schema";
import { connect, createClient, ownKubeconfig, parseKubeconfig, selectFrom, systemClock } from "@flux-ts/kube-client";
import { createApiServer, createPki, issueClient, issueServer, kubeconfig, serveHttps, type Front } from "@flux-ts/kube-server";
import { computeInLine } from "./compute/compute.ts";
import { conditionsOf } from "./conditions.ts";
import { configure, defineController } from "./controller.ts";
import { createKubeEventSink } from "./events/kube-event-sink.ts";
import { silentLogger } from "./logger.ts";
import { createManager } from "./manager.ts";

const Note = defineKind({
  group: "example.com",
  version: "v1",
  kind: "Note",
  plural: "notes",
  description: "Becomes ready.",
  spec: object({}),
  status: object({ conditions: optional(conditionList()), observedGeneration: optional(integer()) }),
  reasons: { Succeeded: "Done.", Failed: "Not done." },
});

test("a manager over real connections works, and goes on after the API server was away", async () => {
  const clock = systemClock();
  const server = createApiServer({ clock });
  const { authority } = createPki(clock.now());
  const tls = { ...issueServer(authority, ["127.0.0.1"], clock.now()), clientCa: authority.certificate };
  let front: Front = await serveHttps(server, { tls });
  const { port } = front;
  const text = kubeconfig({
    server: front.url,
    caCertificate: authority.certificate,
    client: issueClient(authority, { user: "admin", groups: ["system:masters"] }, clock.now()),
  });
  const transport = await connect(selectFrom(parseKubeconfig(text, "/kubeconfig")), { clock, trust: ownKubeconfig, env: {} });
  const admin = createClient(server.transport, { userAgent: "admin" });
  await admin.create(toCustomResourceDefinition(Note));
  const manager = createManager({
    controllers: [
      configure(
        defineController<typeof Note, undefined>({
          component: "note-controller",
          kind: Note,
          finalizer: "finalizers.example.com",
          watches: [],
          intervalMs: () => 3_600_000,
          defaultReason: "Failed",
          reconcile: () => Promise.resolve({ reason: "Succeeded", message: "done" }),
          successEvent: ({ success }) => ({ severity: "info", ...success }),
        }),
        undefined,
      ),
    ],
    transport,
    clock,
    random: Math.random,
    log: silentLogger,
    compute: computeInLine,
    version: "test",
    events: (_, client) => createKubeEventSink({ client, clock, random: Math.random, log: silentLogger }),
  });
  onTestFinished(async () => {
    await manager.stop(0);
    await transport.close();
    await front.close();
    server.close();
  });
  await manager.start();

  const note = async (name: string): Promise<void> =>
    void (await admin.create({ apiVersion: "example.com/v1", kind: "Note", metadata: { name, namespace: "default" }, spec: {} }));
  const isReady = async (name: string): Promise<boolean> => {
    const found: KubeObject = await admin.get({ apiVersion: "example.com/v1", kind: "Note", name, namespace: "default" });
    return conditionsOf(found).some(({ type, status }) => type === "Ready" && status === "True");
  };
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  await note("before");
  await until(() => isReady("before"));
  await until(async () => (await admin.list({ apiVersion: "v1", kind: "Event" }, { namespace: "default" })).items.length === 1);

  await front.close();
  await note("meanwhile");
  expect(await isReady("meanwhile")).toBe(false);
  front = await serveHttps(server, { tls, port });
  await until(() => isReady("meanwhile"));
  await note("after");
  await until(() => isReady("after"));
});
