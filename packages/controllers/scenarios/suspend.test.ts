// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet } from "./fleet.ts";

test("S-330: a suspended Kustomization touches nothing, whatever happens", async () => {
  await using fleet = await createFleet();
  const revision = await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  await fleet.kustomize();
  await fleet.world.patch("Kustomization", "app", { spec: { suspend: true } });
  await fleet.world.patch("ConfigMap", "one", { data: { a: "by hand" } });
  await fleet.commit({ "one.yaml": configMap("one", { a: "2" }) });
  await fleet.world.request("Kustomization", "app");
  await fleet.world.advance("1h");

  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({ data: { a: "by hand" } });
  expect(await fleet.world.ready("Kustomization", "app"), "Ready is left as it was (G-SUS-1)").toBe(`Applied revision: ${revision}`);
});

test("S-332: resuming applies what has come meanwhile", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  await fleet.kustomize({ suspend: true });
  expect(await fleet.world.get("ConfigMap", "one")).toBeUndefined();
  await fleet.world.patch("Kustomization", "app", { spec: { suspend: false } });
  await fleet.world.settle();

  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({ data: { a: "1" } });
});
