// SPDX-License-Identifier: Apache-2.0
import { parseYaml, type JsonObject } from "@flux-ts/kube-core";
import { expect, test } from "vitest";
import { decodeKustomization } from "./decode-kustomization.ts";

// The tests write objects.
const decode = (spec: string): unknown =>
  decodeKustomization({ spec: parseYaml(spec, { flavour: "sigs" }) } as unknown as JsonObject)["spec"];

test.each<readonly [yaml: string, spec: unknown]>([
  ["{path: ./a, prune: true}", { path: "./a", prune: true }],
  [
    "{postBuild: {substitute: {a: 3, b: yes, c: 1.50, d: 1e21, e: null, f: x}}}",
    { postBuild: { substitute: { a: "3", b: "true", c: "1.5", d: "1e+21", e: "", f: "x" } } },
  ],
  ["{commonMetadata: {labels: {a: 1}}}", { commonMetadata: { labels: { a: "1" } } }],
  ["{images: [{name: nginx, newTag: 1.10}], namePrefix: 5}", { images: [{ name: "nginx", newTag: "1.1" }], namePrefix: "5" }],
  ["{nope: 1, wait: null}", {}],
])("%s is read as Go reads it", (yaml, spec) => {
  expect(decode(yaml)).toEqual(spec);
});

test.each([
  ['{wait: "true"}', "json: cannot unmarshal string into Go struct field KustomizationSpec.spec.wait of type bool"],
  ["{targetNamespace: [a]}", "json: cannot unmarshal array into Go struct field KustomizationSpec.spec.targetNamespace of type string"],
  ["{retryInterval: 5}", "json: cannot unmarshal number into Go struct field KustomizationSpec.spec.retryInterval of type string"],
  [
    "{postBuild: {substitute: {a: [1]}}}",
    "json: cannot unmarshal array into Go struct field PostBuild.spec.postBuild.substitute of type string",
  ],
  ["{timeout: soon}", 'time: invalid duration "soon"'],
])("%s is refused in Go's words", (yaml, message) => {
  expect(() => decode(yaml)).toThrow(message);
});
