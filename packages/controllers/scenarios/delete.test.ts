// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet } from "./fleet.ts";

const files = { "one.yaml": configMap("one", {}), "two.yaml": configMap("two", {}) };

test.each([
  ["prunes by default", {}, true],
  ["leaves its objects when it does not prune", { prune: false }, false],
  ["deletes whatever prune says with deletionPolicy Delete", { prune: false, deletionPolicy: "Delete" }, true],
  ["leaves its objects with deletionPolicy Orphan", { deletionPolicy: "Orphan" }, false],
  ["waits until they are gone with deletionPolicy WaitForTermination", { deletionPolicy: "WaitForTermination" }, true],
  ["leaves its objects when it is suspended", { suspend: true }, false],
])("S-345: a Kustomization that is deleted %s (G-PRN-5)", async (_what, spec, areDeleted) => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ ...spec, suspend: false });
  if ("suspend" in spec) await fleet.world.patch("Kustomization", "app", { spec: { suspend: true } });
  await fleet.world.delete("Kustomization", "app");
  await fleet.world.settle();

  expect(await fleet.world.get("Kustomization", "app")).toBeUndefined();
  expect((await fleet.world.get("ConfigMap", "one")) === undefined).toBe(areDeleted);
  const told = ["Normal", "ReconciliationSucceeded", "ConfigMap/default/two deleted\nConfigMap/default/one deleted"];
  if (areDeleted) expect(fleet.told()).toContainEqual(told);
  else expect(fleet.told()).not.toContainEqual(told);
});

test("S-345: one that never applied anything goes fast, and nothing is pruned", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ dependsOn: [{ name: "missing" }] });
  await fleet.world.delete("Kustomization", "app");
  await fleet.world.settle();
  expect(await fleet.world.get("Kustomization", "app")).toBeUndefined();
});

test("one whose ServiceAccount is gone leaves its objects, and says which", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize();
  await fleet.world.patch("Kustomization", "app", { spec: { serviceAccountName: "nobody", suspend: true } });
  await fleet.world.patch("Kustomization", "app", { spec: { suspend: false }, metadata: { finalizers: ["finalizers.fluxcd.io"] } });
  await fleet.world.delete("Kustomization", "app");
  await fleet.world.settle();

  expect(await fleet.world.get("Kustomization", "app")).toBeUndefined();
  expect(await fleet.world.get("ConfigMap", "one")).toBeDefined();
  expect(fleet.told().at(-1)?.[2]).toBe("unable to prune objects: \nConfigMap/default/one\nConfigMap/default/two");
});

test("WaitForTermination gives up after the timeout, says so, and goes", async () => {
  await using fleet = await createFleet();
  const held = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one", finalizers: ["example.com/hold"] } });
  await fleet.commit({ "one.yaml": held });
  await fleet.kustomize({ deletionPolicy: "WaitForTermination", timeout: "1m" });
  await fleet.world.delete("Kustomization", "app");
  await fleet.world.advance("30s");
  expect(await fleet.world.get("Kustomization", "app")).toBeDefined();
  await fleet.world.advance("30s");
  expect(await fleet.world.get("Kustomization", "app")).toBeUndefined();
  expect(fleet.told().at(-1)).toEqual(["Warning", "ReconciliationSucceeded", "failed to wait for resources termination"]);
});
