// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { expect, test } from "vitest";
import { configMap, createFleet } from "./fleet.ts";

const one = configMap("one", { a: "1" });
const two = configMap("two", { a: "2" });

test("S-095, S-097: an object that leaves Git is deleted when the Kustomization prunes", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one, "two.yaml": two });
  await fleet.kustomize();
  const revision = await fleet.commit({ "one.yaml": one });

  expect(await fleet.world.get("ConfigMap", "two")).toBeUndefined();
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${revision}`);
  expect((await fleet.status()).inventory).toEqual({ entries: [{ id: "default_one__ConfigMap", v: "v1" }] });
  expect(fleet.told()).toContainEqual(["Normal", "Progressing", "ConfigMap/default/two deleted"]);
});

test("S-096, S-255: without prune it stays, and is no longer ours", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one, "two.yaml": two });
  await fleet.kustomize({ prune: false });
  await fleet.commit({ "one.yaml": one });

  expect(await fleet.world.get("ConfigMap", "two")).toMatchObject({ data: { a: "2" } });
  expect((await fleet.status()).inventory).toEqual({ entries: [{ id: "default_one__ConfigMap", v: "v1" }] });
});

test.each([
  ["kustomize.toolkit.fluxcd.io/prune", "disabled"],
  ["kustomize.toolkit.fluxcd.io/reconcile", "Disabled"],
  ["kustomize.toolkit.fluxcd.io/ssa", "Ignore"],
])("S-097: an object in the cluster that says %s: %s is kept, and that is told (G-PRN-2)", async (key, value) => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one, "two.yaml": two });
  await fleet.kustomize();
  await fleet.world.patch("ConfigMap", "two", { metadata: { annotations: { [key]: value } } });
  await fleet.commit({ "one.yaml": one });

  expect(await fleet.world.get("ConfigMap", "two")).toBeDefined();
  expect(fleet.told()).toContainEqual(["Normal", "Progressing", "ConfigMap/default/two skipped"]);
});

test("an object that carries another owner's labels by now is not deleted (G-PRN-1)", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": one, "two.yaml": two });
  await fleet.kustomize();
  await fleet.world.patch("ConfigMap", "two", { metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": "other" } } });
  await fleet.commit({ "one.yaml": one });

  expect(await fleet.world.get("ConfigMap", "two")).toBeDefined();
});

test("objects are deleted in the reverse of the order in which they are applied (G-PRN-3)", async () => {
  await using fleet = await createFleet();
  const account = JSON.stringify({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "sa" } });
  await fleet.commit({ "one.yaml": one, "two.yaml": two, "sa.yaml": account });
  await fleet.kustomize();
  await fleet.commit({});

  const deleted = "ConfigMap/default/two deleted\nConfigMap/default/one deleted\nServiceAccount/default/sa deleted";
  expect(fleet.told()).toContainEqual(["Normal", "Progressing", deleted]);
});

test("what may not be deleted stays in the inventory, and goes once it may (G-PRN-3)", async () => {
  await using fleet = await createFleet();
  const grant = (verbs: readonly string[]): Promise<void> =>
    fleet.world.apply(
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer" } },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "deployer" },
        rules: [{ apiGroups: [""], resources: ["configmaps"], verbs }],
      } as KubeObject,
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "deployer" },
        subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: "default" }],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "deployer" },
      } as KubeObject,
    );
  const verbs = ["get", "list", "watch", "create", "patch", "update"];
  await grant(verbs);
  await fleet.commit({ "one.yaml": one, "two.yaml": two });
  await fleet.kustomize({ serviceAccountName: "deployer", retryInterval: "1m" });
  await fleet.commit({ "one.yaml": one });

  expect(await fleet.world.ready("Kustomization", "app")).toMatch(/^False PruneFailed: .*ConfigMap\/default\/two.*cannot delete resource/s);
  expect((await fleet.status()).inventory?.entries.map(({ id }) => id)).toEqual(["default_one__ConfigMap", "default_two__ConfigMap"]);

  await grant([...verbs, "delete"]);
  await fleet.world.advance("1m");
  expect(await fleet.world.get("ConfigMap", "two")).toBeUndefined();
  expect((await fleet.status()).inventory?.entries.map(({ id }) => id)).toEqual(["default_one__ConfigMap"]);
});

test("what belonged to a kind whose definition is gone is gone with it, and keeps no Kustomization from going", async () => {
  await using fleet = await createFleet();
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  };
  await fleet.world.client.create(definition);
  await fleet.commit({
    "one.yaml": one,
    "w.yaml": JSON.stringify({ apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } }),
  });
  await fleet.kustomize();
  expect((await fleet.status()).inventory?.entries).toHaveLength(2);
  await fleet.world.delete("CustomResourceDefinition", "widgets.example.com");
  await fleet.world.settle();
  await fleet.world.delete("Kustomization", "app");
  await fleet.world.settle();
  expect(await fleet.world.get("Kustomization", "app")).toBeUndefined();
  expect(await fleet.world.get("ConfigMap", "one")).toBeUndefined();
});
