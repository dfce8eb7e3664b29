// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet } from "./fleet.ts";

const files = { "a/a.yaml": configMap("a", {}), "b/b.yaml": configMap("b", {}) };
const WAITING = ["Normal", "DependencyNotReady", "Dependencies do not meet ready condition, retrying in 30s"] as const;

test("S-106, S-343, S-344: a dependency that is missing is named, and nothing is applied", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "a", dependsOn: [{ name: "missing-dependency" }] }, "a");

  expect(await fleet.world.ready("Kustomization", "a")).toBe(
    `False DependencyNotReady: dependency 'default/missing-dependency' not found: kustomizations.kustomize.toolkit.fluxcd.io "missing-dependency" not found`,
  );
  expect(fleet.told("a")).toEqual([WAITING]);
  expect(
    (await fleet.status("a")).conditions?.map(({ type }) => type),
    "waiting is not reconciling",
  ).toEqual(["Ready"]);
  expect(await fleet.world.get("ConfigMap", "a")).toBeUndefined();
});

test("S-104, S-106, S-214: a dependency that is not ready holds back, and its success lets go at once", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "nowhere", retryInterval: "1h" }, "a");
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a" }] }, "b");
  expect(await fleet.world.ready("Kustomization", "b")).toBe("False DependencyNotReady: dependency 'default/a' is not ready");

  await fleet.kustomize({ path: "a" }, "a");
  expect(await fleet.world.get("ConfigMap", "b"), "no time has passed").toBeDefined();
  expect(await fleet.world.ready("Kustomization", "b")).toMatch(/^Applied revision: main@sha1:/);
});

test("S-102, S-104: a new revision of a shared source reaches the dependency first", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "a" }, "a");
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a" }] }, "b");
  const revision = await fleet.commit({ ...files, "b/b.yaml": configMap("b", { v: "2" }) });

  expect(await fleet.world.ready("Kustomization", "b")).toBe(`Applied revision: ${revision}`);
  expect(await fleet.world.get("ConfigMap", "b")).toMatchObject({ data: { v: "2" } });
});

test("a dependency that is suspended is ready as long as it is at our revision (G-DEP-1, G-DEP-6)", async () => {
  await using fleet = await createFleet();
  const first = await fleet.commit(files);
  await fleet.kustomize({ path: "a" }, "a");
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a" }] }, "b");
  await fleet.world.patch("Kustomization", "a", { spec: { suspend: true } });
  await fleet.commit({ ...files, "b/b.yaml": configMap("b", { v: "2" }) });

  expect(await fleet.world.ready("Kustomization", "b")).toBe("False DependencyNotReady: dependency 'default/a' revision is not up to date");
  expect((await fleet.status("b")).lastAppliedRevision).toBe(first);
});

test("S-105: a dependency may be in another namespace", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a", namespace: "infra" }] }, "b");
  expect(await fleet.world.ready("Kustomization", "b")).toContain("dependency 'infra/a' not found");
});

test("a Kustomization that depends on itself waits (G-DEP-3)", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "a", dependsOn: [{ name: "a" }] }, "a");
  expect(await fleet.world.ready("Kustomization", "a")).toBe("False DependencyNotReady: dependency 'default/a' is not ready");
});
