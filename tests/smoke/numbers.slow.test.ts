// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Bench, has } from "./lab-process.ts";

const manifests = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: measures.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: measures, singular: measure, kind: Measure, listKind: MeasureList }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: example.com/v1
kind: Measure
metadata:
  name: m
  namespace: default
  annotations: { big: "9007199254740993", ratio: "1.0", power: "1e3", zero: "-0" }
spec: { big: 9007199254740993, ratio: 1.0, power: 1e3, zero: -0 }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: text, namespace: default }
data: { big: "9007199254740993", ratio: "1.0", power: "1e3", zero: "-0" }
`;

test("from a commit to kubectl get -o json, numbers are what Go makes of them and text stays text", async (context) => {
  if (!has("kubectl")) return context.skip();
  await using bench = new Bench();
  const folder = join(bench.folder, "fleet");
  mkdirSync(folder);
  writeFileSync(join(folder, "all.yaml"), manifests);
  await bench.shell(
    `cd '${folder}' && git init -q -b main && git add . && git -c user.name=A -c user.email=a@example.com commit -qm numbers`,
  );
  const lab = bench.start(["--repo", folder]);
  await lab.until(/Everything is Ready/);
  const env = { KUBECONFIG: lab.kubeconfig };
  const measure = await bench.shell("kubectl -n default get measure m -o json", env);
  expect(measure).toMatch(/"spec": \{\s+"big": 9007199254740993,\s+"power": 1000,\s+"ratio": 1,\s+"zero": 0\s+\}/);
  expect(measure).toMatch(/"annotations": \{\s+"big": "9007199254740993",\s+"power": "1e3",\s+"ratio": "1\.0",\s+"zero": "-0"\s+\}/);
  const text = await bench.shell("kubectl -n default get configmap text -o json", env);
  expect(text).toMatch(/"data": \{\s+"big": "9007199254740993",\s+"power": "1e3",\s+"ratio": "1\.0",\s+"zero": "-0"\s+\}/);
});
