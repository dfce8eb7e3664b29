// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet, deployment } from "./fleet.ts";

const one = configMap("one", { a: "1" });
const CONFIGURED = ["Normal", "Progressing", "ConfigMap/default/one configured"] as const;

test("S-027, S-142, S-210: a field that Git owns is restored at the next interval", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one });
  await fleet.kustomize();
  await fleet.world.patch("ConfigMap", "one", { data: { a: "by hand" } });
  await fleet.world.settle();
  expect(await fleet.world.get("ConfigMap", "one"), "nothing is repaired in between").toMatchObject({ data: { a: "by hand" } });

  await fleet.world.advance("10m");
  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({ data: { a: "1" } });
  expect(fleet.told()).toContainEqual(CONFIGURED);
});

test("S-027: an object that was deleted comes back", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one });
  await fleet.kustomize();
  await fleet.world.delete("ConfigMap", "one");
  await fleet.world.advance("10m");

  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({ data: { a: "1" } });
  expect(fleet.told().filter(([, , message]) => message === "ConfigMap/default/one created")).toHaveLength(2);
});

test("S-065: fields that Git does not hold are left to their owners", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one });
  await fleet.kustomize();
  const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "one" };
  const patch = { data: { extra: "x" }, metadata: { annotations: { note: "mine" } } };
  await fleet.world.client.patch(ref, patch, { type: "merge", fieldManager: "other-controller" });
  await fleet.world.advance("20m");

  expect(await fleet.world.get("ConfigMap", "one")).toMatchObject({
    data: { a: "1", extra: "x" },
    metadata: { annotations: { note: "mine" } },
  });
  expect(fleet.told()).not.toContainEqual(CONFIGURED);
});

test("S-065: what kubectl added goes", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one });
  await fleet.kustomize();
  const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "one" };
  await fleet.world.client.patch(ref, { data: { extra: "x" } }, { type: "merge", fieldManager: "kubectl-edit" });
  await fleet.world.advance("10m");

  const live = await fleet.world.get("ConfigMap", "one");
  expect(live?.["data"]).toEqual({ a: "1" });
  expect(live?.metadata.managedFields?.map(({ manager }) => manager)).toEqual(["kustomize-controller"]);
});

test("S-142, S-333: replicas that Git does not declare stay as they were scaled", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": deployment("web") });
  await fleet.kustomize();
  await fleet.world.patch("Deployment", "web", { spec: { replicas: 3 } });
  await fleet.world.advance("10m");

  expect(await fleet.world.get("Deployment", "web")).toMatchObject({ spec: { replicas: 3 } });
});

test("S-140, S-142, S-275: replicas that Git declares are restored", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": deployment("web", { replicas: 2 }) });
  await fleet.kustomize();
  await fleet.world.patch("Deployment", "web", { spec: { replicas: 5 } });
  await fleet.world.advance("10m");

  expect(await fleet.world.get("Deployment", "web")).toMatchObject({ spec: { replicas: 2 } });
});

test("ownership that was stripped is taken back, so that a field that leaves Git goes", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": configMap("one", { a: "1", b: "2" }) });
  await fleet.kustomize();
  const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "one" };
  await fleet.world.client.patch(ref, [{ op: "replace", path: "/metadata/managedFields", value: [{}] }], {
    type: "json",
    fieldManager: "somebody",
  });
  await fleet.world.advance("10m");

  await fleet.world.advance("10m");
  const managers = (await fleet.world.get("ConfigMap", "one"))?.metadata.managedFields;
  expect(managers?.map(({ manager, operation }) => [manager, operation])).toEqual([["kustomize-controller", "Apply"]]);
  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  expect((await fleet.world.get("ConfigMap", "one"))?.["data"]).toEqual({ a: "1" });
});
