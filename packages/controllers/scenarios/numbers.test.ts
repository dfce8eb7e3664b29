// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { stringifyJson } from "@flux-ts/kube-core";
import { createFleet } from "./fleet.ts";

const definition = JSON.stringify({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "measures.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "measures", singular: "measure", kind: "Measure", listKind: "MeasureList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              typed: { type: "object", properties: { big: { type: "integer", format: "int64" }, ratio: { type: "number" } } },
            },
          },
        },
      },
    ],
  },
});

const measure = `
apiVersion: example.com/v1
kind: Measure
metadata:
  name: m
  annotations: { big: "9007199254740993", ratio: "1.0", power: "1e3", zero: "-0" }
spec:
  big: 9007199254740993
  least: -9223372036854775808
  most: 18446744073709551615
  ratio: 1.0
  power: 1e3
  zero: -0
  floatZero: -0.0
  tenth: 0.10
  huge: 1e21
  tiny: 1e-7
  substituted: \${BIG}
  list: [9007199254740993, 1.0]
typed: { big: 9007199254740993, ratio: 1.50 }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: text }
data: { big: "9007199254740993", ratio: "1.0", power: "1e3", zero: "-0" }
`;

test("numbers come out as Go gives them: beyond 2^53, floats without a fraction, exponents, negative zero", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "definition.yaml": definition, "measure.yaml": measure });
  await fleet.kustomize({ postBuild: { substitute: { BIG: "9007199254740995" } }, commonMetadata: { labels: { a: "b" } } });
  expect(await fleet.world.ready("Kustomization", "app")).toMatch(/^Applied revision/);

  const object = await fleet.world.get({ apiVersion: "example.com/v1", kind: "Measure" }, "m");
  const json = (value: unknown): string => stringifyJson(value);
  expect(json(object?.["spec"])).toBe(
    '{"big":9007199254740993,"floatZero":0,"huge":1e+21,"least":-9223372036854775808,"list":[9007199254740993,1],' +
      '"most":18446744073709552000,"power":1000,"ratio":1,"substituted":9007199254740995,"tenth":0.1,"tiny":1e-7,"zero":0}',
  );
  expect(json(object?.["typed"])).toBe('{"big":9007199254740993,"ratio":1.5}');
  expect(object?.metadata.annotations).toMatchObject({ big: "9007199254740993", ratio: "1.0", power: "1e3", zero: "-0" });
  expect(await fleet.world.get("ConfigMap", "text")).toMatchObject({
    data: { big: "9007199254740993", ratio: "1.0", power: "1e3", zero: "-0" },
  });
});

test("an object with such numbers is not taken for drift", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "definition.yaml": definition, "measure.yaml": measure });
  await fleet.kustomize({ postBuild: { substitute: { BIG: "9007199254740995" } } });
  const before = await fleet.world.get({ apiVersion: "example.com/v1", kind: "Measure" }, "m");
  await fleet.world.request("Kustomization", "app");
  await fleet.world.settle();
  const after = await fleet.world.get({ apiVersion: "example.com/v1", kind: "Measure" }, "m");
  expect(after?.metadata.resourceVersion).toBe(before?.metadata.resourceVersion);
});
