// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, createFleet } from "./fleet.ts";

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { size: { type: "integer" } } } } },
        },
      },
    ],
  },
};

const object = (apiVersion: string, kind: string, name: string, more: object = {}): string =>
  JSON.stringify({
    apiVersion,
    kind,
    metadata: { name, ...("namespace" in more ? { namespace: more.namespace } : {}) },
    ...("spec" in more ? { spec: more.spec } : {}),
    ...("value" in more ? { value: more.value } : {}),
  });

test("S-036: definitions, then classes, then the rest: a tree may hold what its own objects need (G-SSA-2)", async () => {
  await using fleet = await createFleet();
  await fleet.commit({
    "a-widget.yaml": object("example.com/v1", "Widget", "w", { namespace: "team", spec: { size: 1 } }),
    "b-config.yaml": JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "team" } }),
    "c-class.yaml": object("scheduling.k8s.io/v1", "PriorityClass", "high", { value: 1 }),
    "d-crd.yaml": JSON.stringify(definition),
    "e-ns.yaml": object("v1", "Namespace", "team"),
  });
  await fleet.kustomize({ targetNamespace: undefined });

  const changes = fleet
    .told()
    .find(([, reason]) => reason === "Progressing")?.[2]
    .split("\n");
  expect(changes).toEqual([
    "CustomResourceDefinition/widgets.example.com created",
    "Namespace/team created",
    "PriorityClass/high created",
    "ConfigMap/team/c created",
    "Widget/team/w created",
  ]);
  expect((await fleet.status()).inventory?.entries.map(({ id }) => id)).toEqual([
    "_widgets.example.com_apiextensions.k8s.io_CustomResourceDefinition",
    "_team__Namespace",
    "_high_scheduling.k8s.io_PriorityClass",
    "team_c__ConfigMap",
    "team_w_example.com_Widget",
  ]);
  expect(await fleet.world.get({ apiVersion: "example.com/v1", kind: "Widget" }, "w", "team")).toMatchObject({ spec: { size: 1 } });
});

test("S-100: what the Kustomization lays over its objects", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "one.yaml": configMap("one", { a: "1" }) });
  await fleet.kustomize({
    namePrefix: "p-",
    nameSuffix: "-s",
    commonMetadata: { labels: { team: "a" }, annotations: { owner: "b" } },
    patches: [{ patch: "- op: add\n  path: /data/b\n  value: two\n", target: { kind: "ConfigMap" } }],
  });
  expect(await fleet.world.get("ConfigMap", "p-one-s")).toMatchObject({
    data: { a: "1", b: "two" },
    metadata: { labels: { team: "a", "kustomize.toolkit.fluxcd.io/name": "app" }, annotations: { owner: "b" } },
  });
});
