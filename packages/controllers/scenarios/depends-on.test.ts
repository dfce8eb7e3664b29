// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet, type Fleet } from "./fleet.ts";

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
  await fleet.world.settle();
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

const ready = async (fleet: Fleet, name: string): Promise<string | undefined> => fleet.world.ready("Kustomization", name);
const SAME = "self.metadata.?labels['v'] == dep.metadata.?labels['v']";

test("S-207: readyExpr takes the place of the built-in check, and is looked at again when the dependency changes", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "nowhere", retryInterval: "1h" }, "a");
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a", readyExpr: "dep.metadata.?labels['go'].orValue('no') == 'yes'" }] }, "b");
  expect(await ready(fleet, "b")).toBe("False DependencyNotReady: dependency 'default/a' is not ready according to readyExpr eval");
  expect(fleet.told("b").at(-1)).toEqual(WAITING);

  await fleet.world.patch("Kustomization", "a", { metadata: { labels: { go: "yes" } } });
  await fleet.world.settle();
  expect(await ready(fleet, "b"), "no time has passed, and the dependency is not ready").toMatch(/^Applied revision/);
});

test("with the gate AdditiveCELDependencyCheck, the built-in check is made as well", async () => {
  await using fleet = await createFleet({ features: { additiveCelDependencyCheck: true } });
  await fleet.commit(files);
  await fleet.kustomize({ path: "nowhere", retryInterval: "1h" }, "a");
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a", readyExpr: SAME }] }, "b");
  expect(await ready(fleet, "b")).toBe("False DependencyNotReady: dependency 'default/a' is not ready");
});

test("a readyExpr over a field that is not there waits, and says so", async () => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "a" }, "a");
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a", readyExpr: "dep.metadata.labels['x'] == 'y'" }] }, "b");
  expect(await ready(fleet, "b")).toBe(
    "False DependencyNotReady: failed to evaluate the CEL expression 'dep.metadata.labels['x'] == 'y'': no such key: labels",
  );
});

test.each([
  ["no expression", "dep.status.", "failed to parse the CEL expression 'dep.status.': ERROR: <input>:1:12: Syntax error"],
  ["of another type", "'text'", "CEL expression output type mismatch: expected bool, got string"],
])("a readyExpr that is %s stalls until the spec changes", async (_, readyExpr, problem) => {
  await using fleet = await createFleet();
  await fleet.commit(files);
  await fleet.kustomize({ path: "a" }, "a");
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a", readyExpr }] }, "b");
  const message = `Reconciliation failed terminally due to configuration error: terminal error: failed to evaluate dependency a: ${problem}`;
  const { conditions = [], observedGeneration } = await fleet.status("b");
  expect(observedGeneration).toBe(1);
  for (const type of ["Ready", "Stalled"]) {
    const condition = conditions.find((each) => each.type === type);
    expect(condition?.reason).toBe("InvalidCELExpression");
    expect(condition?.message).toContain(message);
  }
  await fleet.kustomize({ path: "b", dependsOn: [{ name: "a", readyExpr: "true" }] }, "b");
  expect(await ready(fleet, "b")).toMatch(/^Applied revision/);
});
