// SPDX-License-Identifier: Apache-2.0
// An operator and its test, with a real API server and a clock that is turned by hand, in one process: no cluster, no
// binaries, no sleeping. The operator keeps a ConfigMap for each Greeting.
import { conditionList, defineKind, type KubeObject } from "@flux-ts/kube-core";
import { integer, object, optional, string } from "@flux-ts/kube-core/schema";
import { configure, defineController, generationChanged, resourceVersionChanged } from "@flux-ts/kube-runtime";
import { createWorld } from "@flux-ts/testbed/world";

const Greeting = defineKind({
  group: "example.com",
  version: "v1",
  kind: "Greeting",
  plural: "greetings",
  description: "A text that becomes a ConfigMap.",
  spec: object({ text: string() }),
  status: object({
    conditions: optional(conditionList()),
    observedGeneration: optional(integer()),
    lastHandledReconcileAt: optional(string()),
  }),
  reasons: { Written: "The ConfigMap is as it should be.", Failed: "The ConfigMap could not be written." },
});

export const greetings = defineController<typeof Greeting, undefined>({
  component: "greeting-controller",
  kind: Greeting,
  finalizer: "example.com/greeting",
  watches: [
    { kind: Greeting, when: generationChanged },
    // What it made is looked after, too: it has the name of its Greeting.
    {
      kind: { apiVersion: "v1", kind: "ConfigMap" },
      when: resourceVersionChanged,
      refs: ({ metadata: { name = "", namespace = "" } }) => [{ name, namespace }],
    },
  ],
  intervalMs: () => 600_000,
  defaultReason: "Failed",
  async reconcile({ metadata: { name = "", namespace = "" }, spec }, context) {
    const map: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { text: spec.text } };
    await context.step("Failed", () => context.cluster.apply(map, { fieldManager: "greeting-controller", force: true }));
    return { reason: "Written", message: `says ${spec.text}` };
  },
  async cleanup({ metadata: { name = "", namespace = "" } }, context) {
    await context.cluster.delete({ apiVersion: "v1", kind: "ConfigMap", name, namespace });
  },
});

/** What the test sees at each of its steps. */
export async function testGreetings(): Promise<readonly unknown[]> {
  await using world = await createWorld({ controllers: [configure(greetings, undefined)] });
  const text = async (): Promise<unknown> => (await world.get("ConfigMap", "hello"))?.["data"];
  const seen: unknown[] = [];

  await world.apply({ apiVersion: "example.com/v1", kind: "Greeting", metadata: { name: "hello" }, spec: { text: "hi" } });
  await world.settle();
  seen.push(await world.ready("Greeting", "hello"), await text());

  await world.patch("ConfigMap", "hello", { data: { text: "by hand" } });
  await world.settle();
  seen.push(await text());

  await world.patch("Greeting", "hello", { spec: { text: "hei" } });
  await world.settle();
  seen.push(await text());

  await world.delete("Greeting", "hello");
  await world.settle();
  seen.push(await text());
  return seen;
}
