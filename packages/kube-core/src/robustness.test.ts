// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KubeCoreError } from "./error.ts";
import { formatFieldSelector, parseFieldSelector } from "./fields.ts";
import { parseJson, stringifyJson } from "./json.ts";
import { computeStatus } from "./kstatus/compute.ts";
import { formatLabelSelector, labelSelectorOf, matchesLabels, parseLabelSelector } from "./labels.ts";
import type { KubeObject } from "./object.ts";
import { applyConfiguration } from "./patch/apply/apply-configuration.ts";
import { mergeTypeOf } from "./patch/apply/merge-type.ts";
import { trackUpdate } from "./patch/apply/track-update.ts";
import { applyJsonPatch } from "./patch/json-patch.ts";
import { applyMergePatch } from "./patch/merge-patch.ts";
import { applyStrategicMerge } from "./patch/strategic-merge.ts";
import { parseQuantity } from "./quantity.ts";
import { parseDuration } from "./duration.ts";
import type { Schema } from "./schema/schema.ts";

// Whatever comes in, functions answer or refuse in their own words: nothing else is thrown, and inputs stay as they were.

const key = fc.oneof(
  fc.constantFrom(
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "labels",
    "managedFields",
    "manager",
    "operation",
    "fieldsType",
    "fieldsV1",
    "f:spec",
    ".",
  ),
  fc.constantFrom(
    "spec",
    "status",
    "conditions",
    "items",
    "type",
    "op",
    "path",
    "value",
    "from",
    "matchLabels",
    "matchExpressions",
    "values",
    "key",
  ),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "$patch",
    "$retainKeys",
    "$setElementOrder/items",
    "$deleteFromPrimitiveList/items",
  ),
);
const leaf = fc.constantFrom<unknown[]>(
  null,
  true,
  0,
  -1,
  1.5,
  "",
  "a",
  "True",
  "/items/0",
  "/__proto__",
  "add",
  "move",
  "replace",
  "delete",
  "Apply",
  "FieldsV1",
  "v1",
);
const json = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    leaf,
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(key, tie("any"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).any;
const object = fc.dictionary(key, json, { maxKeys: 6, noNullPrototype: true });

const item: Schema = { type: "object", properties: { name: { type: "string" }, type: { type: "string" }, value: { type: "integer" } } };
const schema: Schema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        items: {
          type: "array",
          items: item,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          "x-kubernetes-patch-strategy": "merge",
          "x-kubernetes-patch-merge-key": "name",
        },
        values: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set", "x-kubernetes-patch-strategy": "merge" },
      },
    },
    status: { "x-kubernetes-preserve-unknown-fields": true },
    items: { type: "array", items: item, "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "name" },
  },
};
const version = { type: mergeTypeOf(schema), convert: (thing: KubeObject) => thing };
const request = { manager: "m", apiVersion: "v1", versions: (name: string) => (name === "v1" ? version : undefined), now: 0 };

function thing(fields: Record<string, unknown>): KubeObject {
  return { ...fields, apiVersion: "v1", kind: "Thing" } as unknown as KubeObject;
}

function refusesOnlyInItsOwnWords(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof KubeCoreError) && !(error instanceof SyntaxError)) throw error;
  }
}

const doors: Readonly<Record<string, (left: Record<string, unknown>, right: Record<string, unknown>, text: string) => unknown>> = {
  applyConfiguration: (left, right) => applyConfiguration({ ...request, live: thing(left), applied: thing(right), force: true }),
  trackUpdate: (left, right) => trackUpdate({ ...request, before: thing(left), after: thing(right) }),
  applyJsonPatch: (left, right) => applyJsonPatch(left, Object.values(right)),
  applyMergePatch: (left, right) => applyMergePatch(left, right),
  applyStrategicMerge: (left, right) => applyStrategicMerge(left, right, schema),
  computeStatus: (left) => computeStatus(thing(left), { now: 0 }),
  labelSelectorOf: (left, right) => matchesLabels(labelSelectorOf(left), right as Record<string, string>),
  parseLabelSelector: (_, __, text) => formatLabelSelector(parseLabelSelector(text)),
  parseFieldSelector: (_, __, text) => formatFieldSelector(parseFieldSelector(text)),
  parseJson: (_, __, text) => parseJson(text, { onDuplicateKey: () => {} }),
  parseQuantity: (_, __, text) => parseQuantity(text),
  parseDuration: (_, __, text) => parseDuration(text),
};

describe("whatever comes in", () => {
  test.each(Object.entries(doors))("%s() answers or refuses in its own words, and changes nothing passed in", (_, door) => {
    fc.assert(
      fc.property(object, object, fc.string({ unit: "grapheme" }), (left, right, text) => {
        const before = stringifyJson([left, right]);
        refusesOnlyInItsOwnWords(() => door(left, right, text));
        expect(stringifyJson([left, right])).toBe(before);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  test("no prototype is touched", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});
