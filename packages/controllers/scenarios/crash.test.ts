// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet, type Fleet } from "./fleet.ts";

const names = Array.from({ length: 30 }, (_, index) => `cm-${String(index).padStart(2, "0")}`);
const files = (wanted: readonly string[]): Record<string, string> =>
  Object.fromEntries(wanted.map((name) => [`${name}.yaml`, configMap(name, { a: "1" })]));

/** Ends the controllers the moment the object is written, as a power cut would. */
async function killWhenWritten(fleet: Fleet, name: string): Promise<void> {
  const { resourceVersion } = await fleet.world.client.list({ apiVersion: "v1", kind: "ConfigMap" });
  const events = await fleet.world.client.watch({ apiVersion: "v1", kind: "ConfigMap" }, { resourceVersion });
  for await (const { type, object } of events) {
    if (type !== "ADDED" || object.metadata.name !== name) continue;
    await fleet.world.manager.stop(0);
    return;
  }
}

async function existing(fleet: Fleet): Promise<readonly (string | undefined)[]> {
  const { items } = await fleet.world.client.list(
    { apiVersion: "v1", kind: "ConfigMap" },
    { namespace: "default", labelSelector: "kustomize.toolkit.fluxcd.io/name=app" },
  );
  return items.map(({ metadata }) => metadata.name);
}

test("S-261: after an end in the middle of an apply the cluster becomes what Git says, and nothing that Git holds is deleted", async () => {
  await using fleet = await createFleet({ concurrentSsa: 1 });
  const revision = await fleet.commit(files(names));
  const killed = killWhenWritten(fleet, "cm-10");
  await fleet.world.apply(fleet.kustomization({}));
  await killed;
  expect((await existing(fleet)).length, "it ended half-way").toBeLessThan(names.length);

  await fleet.world.restart();
  await fleet.world.settle();
  expect(await existing(fleet)).toEqual(names);
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${revision}`);
  expect((await fleet.status()).inventory?.entries).toHaveLength(names.length);
  expect(fleet.told().filter(([, , message]) => message.includes("deleted"))).toEqual([]);
});

test("G-PRN-1: what was applied before the end, and has left Git since, is deleted: nothing leaks", async () => {
  await using fleet = await createFleet({ concurrentSsa: 1 });
  await fleet.commit(files(names));
  const killed = killWhenWritten(fleet, "cm-10");
  await fleet.world.apply(fleet.kustomization({}));
  await killed;
  await fleet.commit(files(names.slice(20)));

  await fleet.world.restart();
  await fleet.world.settle();
  expect(await existing(fleet)).toEqual(names.slice(20));
});

test("S-261: an object that is changed while nobody watches is repaired after the start", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files(names.slice(0, 2)));
  await fleet.kustomize();
  await fleet.world.advance("10m");
  await fleet.world.manager.stop(0);
  await fleet.world.patch("ConfigMap", "cm-00", { data: { a: "by hand" } });
  await fleet.world.delete("ConfigMap", "cm-01");

  await fleet.world.restart();
  await fleet.world.settle();
  expect(await fleet.world.get("ConfigMap", "cm-00")).toMatchObject({ data: { a: "1" } });
  expect(await fleet.world.get("ConfigMap", "cm-01")).toMatchObject({ data: { a: "1" } });
});
