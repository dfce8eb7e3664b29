// SPDX-License-Identifier: Apache-2.0
import { parseYamlDocuments } from "@flux-ts/kube-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { filesOf } from "../test-support/files.ts";
import { build, toYaml } from "./build.ts";
import { KustomizeError } from "./kustomize-error.ts";

/** The same every time, and printed with a failure; another with FUZZ_SEED. */
const seed = Number(process.env["FUZZ_SEED"] ?? 20260101);
const timeMs = 30_000;

const name = fc.constantFrom("a", "web", "b-c", "x.y", "__proto__", "constructor", "toString", "1", "");
const scalar = fc.oneof(
  name.map((text) => JSON.stringify(text)),
  fc.constantFrom("null", "~", "true", "yes", "0o17", "1e3", "-0", "12345678901234567890", "2020-01-01", ".inf", '""', "<<"),
  fc.string({ maxLength: 12 }).map((text) => JSON.stringify(text)),
);
const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }).map(
      (map) =>
        `{${Object.entries(map)
          .map(([key, one]) => `${JSON.stringify(key)}: ${one}`)
          .join(", ")}}`,
    ),
  ),
})).value;
const kind = fc.constantFrom("ConfigMap", "Deployment", "Service", "Secret", "List", "ConfigMapList", "Role", "X");
const apiVersion = fc.constantFrom("v1", "apps/v1", "x/v1", "builtin", "");
const object = fc
  .record({ apiVersion, kind, name, labels: value, data: value, spec: value, template: value })
  .map(
    (one) =>
      `apiVersion: ${one.apiVersion}\nkind: ${one.kind}\nmetadata: {name: ${JSON.stringify(one.name)}, labels: ${one.labels}}\n` +
      `data: ${one.data}\nspec: ${one.spec}\nitems: ${one.template}\n`,
  );
const path = fc.constantFrom(
  "metadata/labels",
  "spec",
  "spec/a",
  "data.a",
  "spec[]/web",
  "data.[a=b].c",
  "metadata.name",
  "spec.0",
  "a.*.b",
  "-",
  "",
);
const selector = fc.record({ kind, name }).map((one) => `{kind: ${one.kind}, name: ${JSON.stringify(one.name)}}`);
const operation = fc
  .record({
    op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test"),
    path: fc.constantFrom("", "/data", "/data/a", "/metadata/name", "/spec/-", "/kind", "/metadata"),
    value,
  })
  .map((one) => `{op: ${one.op}, path: ${JSON.stringify(one.path)}, from: /data, value: ${one.value}}`);
const folder = fc.constantFrom(".", "..", "../base", "base", "../b", "b", "a.yaml", "../../outside", "/etc", "link", "k.yaml");
const field = fc.oneof(
  fc.array(folder, { maxLength: 3 }).map((list) => `resources: [${list.join(", ")}]`),
  fc.array(folder, { maxLength: 2 }).map((list) => `components: [${list.join(", ")}]`),
  fc
    .tuple(
      fc.constantFrom(
        "namePrefix",
        "nameSuffix",
        "namespace",
        "commonLabels",
        "commonAnnotations",
        "images",
        "replicas",
        "vars",
        "patches",
        "labels",
        "kind",
        "openapi",
        "bases",
      ),
      value,
    )
    .map(([key, one]) => `${key}: ${one}`),
  fc
    .record({ target: selector, operations: fc.array(operation, { maxLength: 3 }) })
    .map((one) => `patches:\n- target: ${one.target}\n  patch: ${JSON.stringify(`[${one.operations.join(", ")}]`)}`),
  object.map((one) => `patchesStrategicMerge:\n- ${JSON.stringify(one)}`),
  fc
    .record({ source: selector, target: selector, from: path, to: path, options: value })
    .map(
      (one) =>
        `replacements:\n- source: ${one.source.replace("}", `, fieldPath: ${JSON.stringify(one.from)}}`)}\n  targets: [{select: ${one.target}, fieldPaths: [${JSON.stringify(one.to)}], options: ${one.options}}]`,
    ),
  fc
    .record({ name, literals: fc.array(scalar, { maxLength: 3 }), behavior: fc.constantFrom("create", "merge", "replace") })
    .map(
      (one) =>
        `configMapGenerator:\n- name: ${JSON.stringify(one.name)}\n  behavior: ${one.behavior}\n  literals: [a=b, ${one.literals.join(", ")}]`,
    ),
  fc
    .record({ kind: fc.constantFrom("LabelTransformer", "PatchTransformer", "NamespaceTransformer", "ValueAddTransformer"), path, value })
    .map(
      (one) =>
        `transformers:\n- ${JSON.stringify(`apiVersion: builtin\nkind: ${one.kind}\nmetadata: {name: t, namespace: n}\nlabels: {a: b}\nvalue: ${one.value}\nfieldSpecs: [{path: ${JSON.stringify(one.path)}, create: true}]\ntargets: [{fieldPath: ${JSON.stringify(one.path)}}]`)}`,
    ),
);
const kustomization = fc.array(field, { maxLength: 5 }).map((fields) => `${fields.join("\n")}\n`);
const tree = fc
  .record({ top: kustomization, base: kustomization, b: kustomization, objects: fc.array(object, { minLength: 1, maxLength: 3 }) })
  .map(({ top, base, b, objects }) => ({
    "top/kustomization.yaml": top,
    "top/a.yaml": objects.join("---\n"),
    "base/kustomization.yaml": base,
    "base/a.yaml": objects[0] ?? "",
    "b/kustomization.yaml": b,
    "b/a.yaml": objects.at(-1) ?? "",
  }));

test(
  "whatever the tree: YAML, or an error that says what is wrong; the same every time, and nothing of JavaScript changes",
  { timeout: timeMs * 4 },
  () => {
    const outcomes = { built: 0, refused: 0 };
    fc.assert(
      fc.property(tree, (files) => {
        const run = (): string => {
          try {
            return toYaml(build(filesOf(files), "/top").objects);
          } catch (error) {
            if (!(error instanceof KustomizeError)) throw error;
            return `${error.code}: ${error.message}`;
          }
        };
        const first = run();
        expect(run()).toBe(first);
        if (/^[A-Z_]+: /.test(first)) {
          outcomes.refused++;
          return;
        }
        outcomes.built++;
        for (const document of parseYamlDocuments(first)) expect(document === null || typeof document === "object").toBe(true);
      }),
      { seed, numRuns: 1_000_000, interruptAfterTimeLimit: timeMs, markInterruptAsFailure: false, verbose: 1 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(12);
    // Else the trees say nothing.
    expect(outcomes.built).toBeGreaterThan(20);
    expect(outcomes.refused).toBeGreaterThan(20);
  },
);
