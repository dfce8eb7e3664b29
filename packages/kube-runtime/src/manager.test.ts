// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { conditionList, defineKind, sleep, type KubeObject, type ObjectOf } from "@flux-ts/kube-core";
import { integer, object, optional, string } from "@flux-ts/kube-core/schema";
import { createWorld } from "@flux-ts/testbed/world";
import { conditionsOf } from "./conditions.ts";
import type { Context } from "./context.ts";
import {
  configure,
  defineController,
  type ConfiguredController,
  type ControllerDefinition,
  type ControllerSettings,
} from "./controller.ts";
import { reconcileRequested } from "./predicates.ts";

const Task = defineKind({
  group: "example.com",
  version: "v1",
  kind: "Task",
  plural: "tasks",
  description: "Whatever a test does.",
  spec: object({ step: optional(string()) }),
  status: object({
    conditions: optional(conditionList()),
    observedGeneration: optional(integer()),
    lastHandledReconcileAt: optional(string()),
    saved: optional(string()),
  }),
  reasons: { Succeeded: "Done.", Failed: "Not done.", StepFailed: "A step failed." },
});
type Task = ObjectOf<typeof Task>;
type TaskContext = Context<typeof Task, undefined>;

const tasks = (
  reconcile: (own: Task, context: TaskContext) => Promise<void>,
  more: Partial<ControllerDefinition<typeof Task, undefined>> = {},
  settings: ControllerSettings = {},
): ConfiguredController =>
  configure(
    defineController<typeof Task, undefined>({
      component: "task-controller",
      kind: Task,
      finalizer: "finalizers.example.com",
      watches: [],
      intervalMs: () => 3_600_000,
      defaultReason: "Failed",
      ...more,
      async reconcile(own, context) {
        await reconcile(own, context);
        return { reason: "Succeeded", message: "done" };
      },
    }),
    undefined,
    settings,
  );
const task = (name: string, more: Partial<KubeObject["metadata"]> = {}, step?: string): KubeObject => ({
  apiVersion: "example.com/v1",
  kind: "Task",
  metadata: { name, ...more },
  spec: step === undefined ? {} : { step },
});

test("what was recorded survives a failure; what was saved is written before the end", async () => {
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  await using world = await createWorld({
    controllers: [
      tasks(async (_, context) => {
        context.record({ saved: "before" });
        await context.save();
        await context.waiting(() => gate);
        context.record({ saved: "after" });
        await context.step("StepFailed", () => {
          throw new Error("broken");
        });
      }),
    ],
  });
  await world.apply(task("a"));
  await world.settle();
  expect((await world.get("Task", "a"))?.["status"]).toMatchObject({ saved: "before" });
  open();
  await world.settle();
  expect((await world.get("Task", "a"))?.["status"]).toMatchObject({ saved: "after" });
  expect(await world.ready("Task", "a")).toBe("False StepFailed: broken");
});

test("a reconcile that takes too long is aborted with its own words", async () => {
  await using world = await createWorld({
    controllers: [
      tasks((_, context) => context.step("StepFailed", () => context.waiting(() => sleep(context.clock, 3_600_000, context.signal))), {
        timeoutMs: () => 60_000,
      }),
    ],
  });
  await world.apply(task("a"));
  await world.advance("59s");
  expect(await world.ready("Task", "a")).toBeUndefined();
  await world.advance("1s");
  expect(await world.ready("Task", "a")).toBe("False StepFailed: context deadline exceeded");
});

test("a change that supersedes cancels what runs and starts anew at once; others wait for their turn", async () => {
  const seen: string[] = [];
  await using world = await createWorld({
    controllers: [
      tasks(
        async (own, context) => {
          const { step = "" } = own.spec;
          seen.push(`begin ${step}`);
          await context.step("StepFailed", () => context.waiting(() => sleep(context.clock, 60_000, context.signal)));
          seen.push(`end ${step}`);
        },
        {
          supersedes: (running, { after }) =>
            after?.["spec"] !== undefined && (after as Task).spec.step === "urgent" && running.spec.step !== "urgent",
        },
      ),
    ],
  });
  await world.apply(task("a", {}, "one"));
  await world.settle();
  await world.patch("Task", "a", { spec: { step: "two" } });
  await world.settle();
  await world.patch("Task", "a", { spec: { step: "urgent" } });
  await world.settle();
  expect(seen).toEqual(["begin one", "begin urgent"]);
  expect(await world.ready("Task", "a")).toBeUndefined();
  await world.advance("1m");
  expect(seen).toEqual(["begin one", "begin urgent", "end urgent"]);
});

test("branches of one reconcile may wait side by side, and one may end it while the others still wait", async () => {
  await using world = await createWorld({
    controllers: [
      tasks(
        async (own, context) => {
          if (own.metadata.name === "quick") return;
          const pause = (ms: number): Promise<void> => context.waiting(() => sleep(context.clock, ms, context.signal));
          await Promise.race([
            Promise.all([pause(1000), pause(2000)]),
            pause(1500),
            pause(10_000).then(() => Promise.reject(new Error("too late"))),
          ]);
        },
        {},
        { concurrent: 1 },
      ),
    ],
  });
  await world.apply(task("slow"));
  await world.advance("1s");
  expect(await world.ready("Task", "slow")).toBeUndefined();
  await world.advance("500ms");
  expect(await world.ready("Task", "slow")).toBe("done");
  await world.advance("1m");
  // The only worker is free again.
  await world.apply(task("quick"));
  await world.settle();
  expect(await world.ready("Task", "quick")).toBe("done");
});

test("at the end of a process what waits is broken off at once, and what runs may finish", async () => {
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  await using world = await createWorld({
    controllers: [
      tasks(async (own, context) => {
        if (own.metadata.name === "waits") await context.waiting(() => sleep(context.clock, 3_600_000, context.signal));
        else await gate;
        context.record({ saved: "finished" });
      }),
    ],
    settleTimeoutMs: 100,
  });
  await world.apply(task("waits"), task("runs"));
  await expect(world.settle()).rejects.toThrow("Task default/runs");
  const stopped = world.manager.stop(30_000);
  open();
  await stopped;
  expect((await world.get("Task", "waits"))?.["status"]).toBeUndefined();
  expect((await world.get("Task", "runs"))?.["status"]).toMatchObject({ saved: "finished" });
});

test("a reconcile that does not listen to its signal does not keep the process for ever", async () => {
  const world = await createWorld({ controllers: [tasks(() => new Promise(() => {}))], settleTimeoutMs: 50 });
  await world.apply(task("deaf"));
  await expect(world.settle()).rejects.toThrow("Task default/deaf");
  const stopped = world.manager.stop(30_000);
  world.clock.advanceTo(world.clock.now() + 40_000);
  await stopped;
  expect(world.logs.find(({ message }) => message.includes("did not end"))?.fields).toMatchObject({ running: ["default/deaf"] });
  await world[Symbol.asyncDispose]();
});

test("a shard sees its objects only, and so does a controller of one namespace", async () => {
  const seen: string[] = [];
  const recording = async (own: Task): Promise<void> => void seen.push(own.metadata.name ?? "");
  await using world = await createWorld({
    controllers: [tasks(recording, {}, { labelSelector: "sharding.fluxcd.io/key=one", namespace: "apps" })],
  });
  await world.apply(
    task("mine", { namespace: "apps", labels: { "sharding.fluxcd.io/key": "one" } }),
    task("other-shard", { namespace: "apps", labels: { "sharding.fluxcd.io/key": "two" } }),
    task("other-namespace", { labels: { "sharding.fluxcd.io/key": "one" } }),
  );
  await world.settle();
  expect(seen).toEqual(["mine"]);
  await world.patch("Task", "other-shard", { metadata: { labels: { "sharding.fluxcd.io/key": "one" } } }, "apps");
  await world.settle();
  expect(seen).toEqual(["mine", "other-shard"]);
});

test("a client that acts as somebody else says so, and is kept", async () => {
  const clients = new Set<unknown>();
  await using world = await createWorld({
    controllers: [
      tasks(
        async (_, context) => {
          const tenant = context.clusterFor({ user: "system:serviceaccount:apps:deployer", groups: ["system:serviceaccounts"] });
          clients.add(tenant);
          await tenant.find({ apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "x" }).catch(() => {});
        },
        { watches: [{ kind: Task, when: reconcileRequested }] },
      ),
    ],
  });
  await world.apply(task("a"));
  await world.settle();
  await world.request("Task", "a");
  await world.settle();
  expect(clients.size).toBe(1);
  const asTenant = world.requests.filter(({ identity }) => identity !== undefined);
  expect(asTenant.map(({ method, identity }) => `${method} ${identity?.user}`)).toEqual(
    Array.from({ length: asTenant.length }, () => "GET system:serviceaccount:apps:deployer"),
  );
  expect(world.requests.filter(({ path, identity }) => path === "/api/v1" && identity !== undefined)).toEqual([]);
});

test("a scratch folder is there for as long as it is held", async () => {
  const paths: string[] = [];
  await using world = await createWorld({
    controllers: [
      tasks(async (_, context) => {
        await using folder = await context.scratch();
        expect(existsSync(folder.path)).toBe(true);
        paths.push(folder.path);
      }),
    ],
  });
  await world.apply(task("a"));
  await world.settle();
  expect(paths).toHaveLength(1);
  expect(existsSync(paths[0] ?? "")).toBe(false);
});

test("a status that cannot be written is tried again with backoff", async () => {
  await using world = await createWorld({
    // The API refuses a condition without a reason that matches its pattern.
    controllers: [tasks(async (_, context) => context.condition("Healthy", { status: "True", reason: "not a reason!", message: "" }))],
  });
  await world.apply(task("a"));
  await world.settle();
  expect(conditionsOf((await world.get("Task", "a")) as KubeObject)).toEqual([]);
  const errors = (): number => world.logs.filter(({ message }) => message === "Reconciler error").length;
  expect(errors()).toBe(1);
  await world.advance("3s");
  expect(errors()).toBe(3);
});
