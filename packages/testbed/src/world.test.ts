// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { conditionList, defineKind, sleep, type KubeObject, type ObjectOf } from "@flux-ts/kube-core";
import { array, boolean, integer, object, optional, string } from "@flux-ts/kube-core/schema";
import {
  conditionsOf,
  configure,
  defineController,
  either,
  Failure,
  generationChanged,
  reconcileRequested,
  resourceVersionChanged,
  type ConfiguredController,
} from "@flux-ts/kube-runtime";
import { createWorld, type World } from "./world.ts";

/** Writes a text into a ConfigMap, after others are ready. */
const Greeting = defineKind({
  group: "example.com",
  version: "v1",
  kind: "Greeting",
  plural: "greetings",
  description: "A text that becomes a ConfigMap.",
  spec: object({
    text: string(),
    suspend: optional(boolean()),
    waitMs: optional(integer()),
    after: optional(array(string())),
    from: optional(string()),
  }),
  status: object({
    conditions: optional(conditionList()),
    observedGeneration: optional(integer()),
    lastHandledReconcileAt: optional(string()),
    written: optional(string()),
    runs: optional(integer()),
  }),
  reasons: {
    Succeeded: "Written.",
    Failed: "Not written.",
    WriteFailed: "The ConfigMap could not be written.",
    NotReady: "Another is not ready.",
    BadText: "Change the text.",
  },
});
type Greeting = ObjectOf<typeof Greeting>;

const isReady = (object: KubeObject | undefined): boolean =>
  object !== undefined && conditionsOf(object).some(({ type, status }) => type === "Ready" && status === "True");

const greetings = (settings: Parameters<typeof configure>[2] = { intervalJitterPercent: 0 }): ConfiguredController =>
  configure(
    defineController<typeof Greeting, undefined>({
      component: "greeting-controller",
      kind: Greeting,
      finalizer: "finalizers.example.com",
      watches: [
        { kind: Greeting, when: either(generationChanged, reconcileRequested) },
        {
          kind: Greeting,
          when: (before, after) => isReady(before) !== isReady(after),
          refs: (own) => (own.spec.after ?? []).map((name) => ({ namespace: own.metadata.namespace ?? "", name })),
        },
        {
          kind: { apiVersion: "v1", kind: "Secret" },
          when: resourceVersionChanged,
          refs: (own) => (own.spec.from === undefined ? [] : [{ namespace: own.metadata.namespace ?? "", name: own.spec.from }]),
          metadataOnly: true,
        },
      ],
      intervalMs: () => 600_000,
      defaultReason: "Failed",
      readyInProgress: "Reconciliation in progress",
      successEvent: ({ success }) => ({ severity: "info", reason: success.reason, message: `finished: ${success.message}` }),
      async reconcile(own, context) {
        const { namespace = "", name = "" } = own.metadata;
        await context.step(
          "NotReady",
          () => {
            for (const other of own.spec.after ?? [])
              if (!isReady(context.cached(Greeting, namespace, other))) throw new Error(`${other} is not ready`);
          },
          { retry: { afterMs: 30_000 }, severity: "info" },
        );
        await context.progress(`Writing ${own.spec.text}`);
        if (own.spec.text === "bad") throw new Failure("BadText", "the text is bad", { retry: "never" });
        if (own.spec.text === "bug") throw new TypeError("a bug");
        const { waitMs } = own.spec;
        if (waitMs !== undefined) await context.waiting(() => sleep(context.clock, waitMs, context.signal));
        context.record({ runs: (own.status?.runs ?? 0) + 1 });
        await context.step("WriteFailed", () =>
          context.cluster.apply(
            { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { text: own.spec.text } },
            { fieldManager: "greeting-controller", force: true },
          ),
        );
        context.record({ written: own.spec.text });
        context.eventMetadata({ revision: own.spec.text });
        return { reason: "Succeeded", message: `wrote ${own.spec.text}` };
      },
      async cleanup(own, context) {
        if (own.spec.suspend) return;
        await context.cluster.delete({
          apiVersion: "v1",
          kind: "ConfigMap",
          namespace: own.metadata.namespace ?? "",
          name: own.metadata.name ?? "",
        });
      },
    }),
    undefined,
    settings,
  );

const greeting = (name: string, spec: Greeting["spec"], more: Partial<KubeObject["metadata"]> = {}): KubeObject => ({
  apiVersion: "example.com/v1",
  kind: "Greeting",
  metadata: { name, ...more },
  spec,
});

const runs = async (world: World, name: string): Promise<unknown> =>
  ((await world.get("Greeting", name)) as Greeting | undefined)?.status?.runs;

describe("a controller in a world", () => {
  test("reconciles, writes its status once, and tells", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello" }));
    await world.settle();
    expect(await world.get("ConfigMap", "a")).toMatchObject({ data: { text: "hello" } });
    expect(await world.ready("Greeting", "a")).toBe("wrote hello");
    const object = await world.get("Greeting", "a");
    expect(object?.metadata.finalizers).toEqual(["finalizers.example.com"]);
    expect(object?.["status"]).toMatchObject({ observedGeneration: 1, written: "hello", runs: 1 });
    expect(conditionsOf(object as KubeObject).map(({ type }) => type)).toEqual(["Ready"]);
    expect(world.events.map(({ reason, message, metadata }) => ({ reason, message, metadata: { ...metadata } }))).toEqual([
      { reason: "Succeeded", message: "finished: wrote hello", metadata: { "example.com/revision": "hello" } },
    ]);
    const { items } = await world.client.list({ apiVersion: "v1", kind: "Event" }, { namespace: "default" });
    expect(items).toMatchObject([
      {
        type: "Normal",
        reason: "Succeeded",
        message: "finished: wrote hello",
        count: 1,
        reportingComponent: "greeting-controller",
        metadata: { annotations: { "example.com/revision": "hello" } },
        involvedObject: { kind: "Greeting", namespace: "default", name: "a", apiVersion: "example.com/v1" },
      },
    ]);
    expect(world.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("reconciles again when the spec changes, when asked, and when the interval is over; not when only a label changes", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello" }));
    await world.settle();
    await world.patch("Greeting", "a", { metadata: { labels: { x: "y" } } });
    await world.settle();
    expect(await runs(world, "a")).toBe(1);
    await world.patch("Greeting", "a", { spec: { text: "hei" } });
    await world.settle();
    expect(await runs(world, "a")).toBe(2);
    const token = await world.request("Greeting", "a");
    await world.settle();
    expect(await runs(world, "a")).toBe(3);
    expect((await world.get("Greeting", "a"))?.["status"]).toMatchObject({ lastHandledReconcileAt: token, observedGeneration: 2 });
    await world.advance("9m59s");
    expect(await runs(world, "a")).toBe(3);
    await world.advance("2s");
    expect(await runs(world, "a")).toBe(4);
  });

  test("an unchanged interval writes one status, and reads nothing", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello" }));
    await world.settle();
    const before = world.requests.length;
    await world.advance("10m");
    expect(await runs(world, "a")).toBe(2);
    const made = world.requests
      .slice(before)
      .filter(({ path, query }) => query?.["watch"] === undefined && !path.endsWith("/events") && !path.includes("/events/"));
    expect(made.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PATCH /api/v1/namespaces/default/configmaps/a",
      "PATCH /apis/example.com/v1/namespaces/default/greetings/a/status",
    ]);
  });

  test("what depends on another starts as soon as the other is ready, not at the next interval", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("b", { text: "second", after: ["a"] }));
    await world.settle();
    expect(await world.ready("Greeting", "b")).toBe("False NotReady: a is not ready");
    expect(conditionsOf((await world.get("Greeting", "b")) as KubeObject).map(({ type }) => type)).toEqual(["Ready"]);
    expect(world.events.at(-1)).toMatchObject({ severity: "info", reason: "NotReady" });
    await world.apply(greeting("a", { text: "first" }));
    await world.settle();
    expect(await world.ready("Greeting", "b")).toBe("wrote second");
  });

  test("a change of what it points at wakes it, by metadata alone", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    const secret = (value: string): KubeObject => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { value } });
    await world.apply(secret("1"), greeting("a", { text: "hello", from: "s" }), greeting("b", { text: "other" }));
    await world.settle();
    await world.apply(secret("2"));
    await world.settle();
    expect([await runs(world, "a"), await runs(world, "b")]).toEqual([2, 1]);
  });

  test("a failure that no retry can mend stalls until the spec changes (G-CND-8)", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "bad" }));
    await world.settle();
    const object = (await world.get("Greeting", "a")) as KubeObject;
    expect(conditionsOf(object).map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual([
      "Stalled=True BadText",
      "Ready=False BadText",
    ]);
    const told = world.events.length;
    await world.advance("24h");
    expect(world.events).toHaveLength(told);
    await world.patch("Greeting", "a", { spec: { text: "good" } });
    await world.settle();
    expect(await world.ready("Greeting", "a")).toBe("wrote good");
  });

  test("a bug is retried with growing delays, and told with the default reason", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "bug" }));
    await world.settle();
    expect(await world.ready("Greeting", "a")).toBe("False Failed: a bug");
    const tries = (): number => world.events.filter(({ reason }) => reason === "Failed").length;
    expect(tries()).toBe(1);
    await world.advance("749ms");
    expect(tries()).toBe(1);
    await world.advance("1ms");
    expect(tries()).toBe(2);
    await world.advance("10s");
    expect(tries()).toBe(4);
    expect(world.logs.some(({ level, message }) => level === "error" && message === "Reconciler error")).toBe(true);
  });

  test("G-SUS-1: a suspended object is left alone, and goes on when resumed", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello" }));
    await world.settle();
    await world.patch("Greeting", "a", { spec: { suspend: true, text: "hei" } });
    await world.advance("1h");
    expect(await world.ready("Greeting", "a")).toBe("wrote hello");
    expect(await runs(world, "a")).toBe(1);
    await world.patch("Greeting", "a", { spec: { suspend: false } });
    await world.settle();
    expect(await world.ready("Greeting", "a")).toBe("wrote hei");
  });

  test("G-FIN-2: deletion cleans up, then lets go; suspended, the controller decides", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello" }), greeting("b", { text: "hello", suspend: true }));
    await world.settle();
    await world.delete("Greeting", "a");
    await world.settle();
    expect(await world.get("Greeting", "a")).toBeUndefined();
    expect(await world.get("ConfigMap", "a")).toBeUndefined();
  });

  test("a cleanup that fails keeps the object and is retried", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello" }));
    await world.settle();
    await world.delete("ConfigMap", "a");
    await world.delete("Greeting", "a");
    await world.settle();
    expect((await world.get("Greeting", "a"))?.metadata.deletionTimestamp).toBeDefined();
    await world.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });
    await world.advance("1s");
    expect(await world.get("Greeting", "a")).toBeUndefined();
  });

  test("while one waits it shows what it does, holds no worker, and settling does not wait for it", async () => {
    await using world = await createWorld({ controllers: [greetings({ intervalJitterPercent: 0, concurrent: 1 })] });
    await world.apply(greeting("slow", { text: "slow", waitMs: 60_000 }));
    await world.settle();
    expect(await world.ready("Greeting", "slow")).toBeUndefined();
    await world.advance("300ms");
    expect(await world.ready("Greeting", "slow")).toBe("Unknown Progressing: Reconciliation in progress");
    expect(conditionsOf((await world.get("Greeting", "slow")) as KubeObject)[0]).toMatchObject({
      type: "Reconciling",
      reason: "Progressing",
      message: "Writing slow",
    });
    await world.apply(greeting("quick", { text: "quick" }));
    await world.settle();
    expect(await world.ready("Greeting", "quick")).toBe("wrote quick");
    await world.advance("1m");
    expect(await world.ready("Greeting", "slow")).toBe("wrote slow");
  });

  test("somebody else's conditions and a write in between survive ours (G-CND-7)", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello", waitMs: 1000 }));
    await world.settle();
    const theirs = { type: "Audited", status: "True", reason: "Seen", message: "m", lastTransitionTime: "2026-01-01T00:00:00Z" };
    await world.client.patch(
      { apiVersion: "example.com/v1", kind: "Greeting", name: "a", namespace: "default" },
      { status: { conditions: [theirs] } },
      { type: "merge", subresource: "status" },
    );
    await world.advance("2s");
    expect(conditionsOf((await world.get("Greeting", "a")) as KubeObject).map(({ type, status }) => `${type}=${status}`)).toEqual([
      "Ready=True",
      "Audited=True",
    ]);
  });

  test("after a restart everything is reconciled once more", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello" }));
    await world.settle();
    await world.restart();
    await world.settle();
    expect(await runs(world, "a")).toBe(2);
  });

  test("a reconcile whose object is gone is cancelled", async () => {
    await using world = await createWorld({ controllers: [greetings()] });
    await world.apply(greeting("a", { text: "hello", waitMs: 3_600_000 }));
    await world.settle();
    expect(world.manager.running).toEqual(["Greeting default/a"]);
    await world.patch("Greeting", "a", { metadata: { finalizers: null } });
    await world.delete("Greeting", "a");
    await world.settle();
    expect(world.manager.running).toEqual([]);
  });

  test("a hundred objects in one namespace do not hold up another", async () => {
    await using world = await createWorld({ controllers: [greetings({ intervalJitterPercent: 0, concurrent: 2 })], paused: true });
    for (let i = 0; i < 100; i += 1) await world.apply(greeting(`g${i}`, { text: "x" }, { namespace: "big" }));
    await world.apply(greeting("a", { text: "x" }, { namespace: "small" }));
    await world.manager.start();
    await world.settle();
    const order = world.events.map(({ object }) => object.metadata.namespace);
    expect(order).toHaveLength(101);
    expect(order.indexOf("small")).toBeLessThan(5);
  });

  test("a component that does not settle is named", async () => {
    const stuck = greetings();
    const definition = { ...stuck.definition, reconcile: () => new Promise<never>(() => {}) };
    const world = await createWorld({ controllers: [{ ...stuck, definition }], settleTimeoutMs: 50 });
    await world.apply(greeting("a", { text: "x" }));
    await expect(world.settle()).rejects.toThrow("Greeting default/a");
    await world[Symbol.asyncDispose]();
  });
});
