// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { KubeObject } from "@flux-ts/kube-core";
import { collectVariables } from "./variables.ts";
import { substitute } from "./substitute-object.ts";

const strict = { strict: true };

function configMap(data: Readonly<Record<string, unknown>>, metadata: Readonly<Record<string, unknown>> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "out", ...metadata }, data };
}

test("a quoted number becomes a number, since the quotes are gone when the text is expanded (spec §6)", () => {
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { replicas: "${N}" } };
  expect(substitute(deployment, new Map([["N", "5"]]), strict)).toMatchObject({ spec: { replicas: 5 } });
});

test("a value can bring its own quotes", () => {
  expect(substitute(configMap({ a: "${N}" }), new Map([["N", '"5"']]), strict)).toMatchObject({ data: { a: "5" } });
});

test.each(["labels", "annotations"])("an object opts out by its %s, compared exactly (G-SUB-6)", (field) => {
  const key = "kustomize.toolkit.fluxcd.io/substitute";
  const out = configMap({ a: "${N}" }, { [field]: { [key]: "disabled" } });
  expect(substitute(out, new Map([["N", "x"]]), strict)).toBe(out);
  const written = configMap({ a: "${N}" }, { [field]: { [key]: "Disabled" } });
  expect(substitute(written, new Map([["N", "x"]]), strict)).toMatchObject({ data: { a: "x" } });
});

test("names that no expression could name are refused (G-SUB-1)", () => {
  expect(() => substitute(configMap({}), new Map([["bad-name", "x"]]), strict)).toThrow(
    "envsubst error: 'bad-name' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'",
  );
});

test("a failure says what upstream says (G-SUB-9)", () => {
  expect(() => substitute(configMap({ a: "${UNSET}" }), new Map(), strict)).toThrow(
    'envsubst error: variable substitution failed: variable not set (strict mode): "UNSET"',
  );
  expect(() => substitute(configMap({ a: "${NAME" }), new Map(), strict)).toThrow("variable substitution failed: missing closing brace");
});

test("a result that is no YAML fails without showing the value", () => {
  const secret = new Map([["P", 'hunter2: "open']]);
  expect(() => substitute(configMap({ a: "${P}" }), secret, strict)).toThrow(/^envsubst error: YAMLToJSON: yaml: line \d+:/);
  expect(() => substitute(configMap({ a: "${P}" }), secret, strict)).not.toThrow(/hunter2/);
});

test("later sources win, and line breaks of values are removed (G-SUB-1, G-SUB-2)", () => {
  const variables = collectVariables([{ a: "1", b: "2\n3" }, { a: "4" }]);
  expect([...variables]).toEqual([
    ["a", "4"],
    ["b", "23"],
  ]);
});
