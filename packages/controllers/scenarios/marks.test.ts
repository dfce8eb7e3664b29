// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet, type Fleet } from "./fleet.ts";

const SSA = "kustomize.toolkit.fluxcd.io/ssa";
const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "one" };

const dataOf = async ({ world }: Fleet, name = "one"): Promise<unknown> => (await world.get("ConfigMap", name))?.["data"];
const inventory = async (fleet: Fleet): Promise<readonly string[]> =>
  ((await fleet.status()).inventory?.entries ?? []).map(({ id }) => id.split("_")[1] ?? "");

test("IfNotPresent: created once, then left to others, and created again when it is gone (G-SSA-6)", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }, { [SSA]: "IfNotPresent" }) });
  await fleet.kustomize();
  await fleet.world.patch("ConfigMap", "one", { data: { a: "by hand" } });
  await fleet.commit({ "one.yaml": configMap("one", { a: "2" }, { [SSA]: "IfNotPresent" }) });
  expect(await dataOf(fleet)).toEqual({ a: "by hand" });
  expect(await inventory(fleet)).toEqual(["one"]);

  await fleet.world.delete("ConfigMap", "one");
  await fleet.world.advance("10m");
  expect(await dataOf(fleet)).toEqual({ a: "2" });

  await fleet.commit({ "two.yaml": configMap("two", {}) });
  expect(await dataOf(fleet), "it is pruned like any other").toBeUndefined();
});

test.each([
  [SSA, "Ignore"],
  ["kustomize.toolkit.fluxcd.io/reconcile", "disabled"],
])("%s: %s in Git: neither created nor changed, but ours to remember (G-SSA-6)", async (key, value) => {
  await using fleet = await createFleet();
  await fleet.world.client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one", namespace: "default" } });
  await fleet.commit({
    "one.yaml": configMap("one", { a: "1" }, { [key]: value }),
    "two.yaml": configMap("two", { a: "1" }, { [key]: value }),
    "three.yaml": configMap("three", { a: "1" }),
  });
  await fleet.kustomize();
  expect(await dataOf(fleet)).toBeUndefined();
  expect(await fleet.world.get("ConfigMap", "two")).toBeUndefined();
  expect((await inventory(fleet)).toSorted()).toEqual(["one", "three", "two"]);
});

test("Ignore on the object in the cluster: Git is not applied until it goes (G-SSA-6)", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  await fleet.kustomize();
  await fleet.world.client.patch(ref, { metadata: { annotations: { [SSA]: "Ignore" } } }, { type: "merge", fieldManager: "someone" });
  await fleet.commit({ "one.yaml": configMap("one", { a: "2" }) });
  expect(await dataOf(fleet)).toEqual({ a: "1" });

  await fleet.world.client.patch(ref, { metadata: { annotations: { [SSA]: null } } }, { type: "merge", fieldManager: "someone" });
  await fleet.world.request("Kustomization", "app");
  await fleet.world.settle();
  expect(await dataOf(fleet)).toEqual({ a: "2" });
});

test("Merge keeps what kubectl added; without it that goes (G-SSA-6)", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }, { [SSA]: "Merge" }) });
  await fleet.kustomize();
  await fleet.world.client.patch(ref, { data: { extra: "x" } }, { type: "merge", fieldManager: "kubectl-edit" });
  await fleet.world.advance("20m");
  expect(await dataOf(fleet)).toEqual({ a: "1", extra: "x" });

  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  await fleet.world.advance("20m");
  expect(await dataOf(fleet)).toEqual({ a: "1" });
});

test("--override-manager: what that manager added goes as well", async () => {
  await using fleet = await createFleet({ overrideManagers: ["node-fetch"] });
  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  await fleet.kustomize();
  await fleet.world.client.patch(ref, { data: { bad: "x" } }, { type: "merge", fieldManager: "node-fetch" });
  await fleet.world.client.patch(ref, { data: { good: "x" } }, { type: "merge", fieldManager: "good" });
  await fleet.world.advance("10m");
  expect(await dataOf(fleet)).toEqual({ a: "1", good: "x" });
});

const version = (name: string, isStored: boolean): object => ({
  name,
  served: true,
  storage: isStored,
  schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { a: { type: "string" } } } } } },
});

const definition = JSON.stringify({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [version("v1beta1", false), version("v1", true)],
  },
});

test.each([
  [true, ["v1", "v1"]],
  [false, ["v1", "v1beta1"]],
])("MigrateAPIVersion=%s: field ownership in the version that Git has", async (migrateApiVersion, versions) => {
  await using fleet = await createFleet({ features: { migrateApiVersion } });
  const widget = (apiVersion: string, a: string): string =>
    JSON.stringify({ apiVersion: `example.com/${apiVersion}`, kind: "Widget", metadata: { name: "w" }, spec: { a } });
  await fleet.commit({ "crd.yaml": definition, "w.yaml": widget("v1beta1", "1") });
  await fleet.kustomize();
  const old = { apiVersion: "example.com/v1beta1", kind: "Widget", namespace: "default", name: "w" };
  await fleet.world.client.patch(old, { metadata: { labels: { team: "x" } } }, { type: "merge", fieldManager: "someone" });
  await fleet.commit({ "crd.yaml": definition, "w.yaml": widget("v1", "2") });

  const live = await fleet.world.client.get({ ...old, apiVersion: "example.com/v1" });
  expect(live.metadata.managedFields?.map((entry) => entry.apiVersion?.split("/")[1])).toEqual(versions);
  expect(live.metadata.labels).toMatchObject({ team: "x" });
});
