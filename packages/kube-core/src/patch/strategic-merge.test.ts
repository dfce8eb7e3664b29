// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json-object.ts";
import { parseJson, stringifyJson } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import { applyStrategicMerge } from "./strategic-merge.ts";

const string: Schema = { type: "string" };

function merged(key: string, properties: Record<string, Schema>, strategy = "merge"): Schema {
  return {
    type: "array",
    items: { type: "object", properties },
    "x-kubernetes-patch-strategy": strategy,
    "x-kubernetes-patch-merge-key": key,
  };
}

const schema: Schema = {
  type: "object",
  properties: {
    data: { type: "object", additionalProperties: string },
    containers: merged("name", {
      name: string,
      image: string,
      env: merged("name", { name: string, value: string }),
      args: { type: "array", items: string },
    }),
    volumes: merged(
      "name",
      { name: string, emptyDir: { type: "object", properties: { medium: string } }, secret: { type: "object" } },
      "merge,retainKeys",
    ),
    strategy: {
      type: "object",
      properties: { type: string, rollingUpdate: { type: "object", properties: { maxSurge: string } } },
      "x-kubernetes-patch-strategy": "retainKeys",
    },
    finalizers: { type: "array", items: string, "x-kubernetes-patch-strategy": "merge" },
    atomic: { type: "array", items: { type: "object", properties: { key: string } } },
    replaced: { type: "object", properties: { a: string, b: string }, "x-kubernetes-patch-strategy": "replace" },
  },
};

function apply(original: string, patch: string): string {
  const before = parseJson(original) as JsonObject;
  const result = stringifyJson(applyStrategicMerge(before, parseJson(patch) as JsonObject, schema));
  expect(stringifyJson(before)).toBe(original);
  return result;
}

describe("applyStrategicMerge()", () => {
  test.each([
    ["merges objects", `{"data":{"a":"1"}}`, `{"data":{"b":"2"}}`, `{"data":{"a":"1","b":"2"}}`],
    ["removes what is null", `{"data":{"a":"1","b":"2"}}`, `{"data":{"a":null}}`, `{"data":{"b":"2"}}`],
    ["drops nulls from what is new", `{}`, `{"data":{"a":null,"b":"2"}}`, `{"data":{"b":"2"}}`],
    [
      "merges items by key, those of the patch first",
      `{"containers":[{"name":"a","image":"x"}]}`,
      `{"containers":[{"name":"b","image":"y"}]}`,
      `{"containers":[{"name":"b","image":"y"},{"name":"a","image":"x"}]}`,
    ],
    [
      "merges inside an item",
      `{"containers":[{"name":"a","image":"x","env":[{"name":"A","value":"1"}]}]}`,
      `{"containers":[{"name":"a","env":[{"name":"A","value":"2"}]}]}`,
      `{"containers":[{"name":"a","image":"x","env":[{"name":"A","value":"2"}]}]}`,
    ],
    ["replaces lists without a strategy", `{"atomic":[{"key":"a"},{"key":"b"}]}`, `{"atomic":[{"key":"c"}]}`, `{"atomic":[{"key":"c"}]}`],
    ["replaces objects whose strategy says so", `{"replaced":{"a":"1"}}`, `{"replaced":{"b":"2"}}`, `{"replaced":{"b":"2"}}`],
    [
      "deletes an item",
      `{"containers":[{"name":"a"},{"name":"b"}]}`,
      `{"containers":[{"name":"a","$patch":"delete"}]}`,
      `{"containers":[{"name":"b"}]}`,
    ],
    [
      "leaves alone what cannot be deleted",
      `{"containers":[{"name":"a"}]}`,
      `{"containers":[{"name":"z","$patch":"delete"}]}`,
      `{"containers":[{"name":"a"}]}`,
    ],
    [
      "replaces a list by directive",
      `{"containers":[{"name":"a"}]}`,
      `{"containers":[{"$patch":"replace"},{"name":"n"}]}`,
      `{"containers":[{"name":"n"}]}`,
    ],
    ["empties a list by directive", `{"volumes":[{"name":"a"}]}`, `{"volumes":[{"$patch":"replace"}]}`, `{"volumes":[]}`],
    ["replaces an object by directive", `{"data":{"a":"1"}}`, `{"data":{"$patch":"replace","c":"3"}}`, `{"data":{"c":"3"}}`],
    ["empties an object by directive", `{"data":{"a":"1"}}`, `{"data":{"$patch":"delete"}}`, `{"data":{}}`],
    ["ignores an object that is new and carries a directive", `{}`, `{"data":{"$patch":"merge","d":"4"}}`, `{}`],
    ["unites lists of scalars", `{"finalizers":["a","b"]}`, `{"finalizers":["c","b"]}`, `{"finalizers":["c","a","b"]}`],
    [
      "deletes from lists of scalars",
      `{"finalizers":["a","b","c"]}`,
      `{"$deleteFromPrimitiveList/finalizers":["b","x"]}`,
      `{"finalizers":["a","c"]}`,
    ],
    [
      "orders items",
      `{"containers":[{"name":"a"},{"name":"b"}]}`,
      `{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","image":"q"}]}`,
      `{"containers":[{"name":"b"},{"name":"a","image":"q"}]}`,
    ],
    [
      "orders without changing",
      `{"volumes":[{"name":"v"},{"name":"w"}]}`,
      `{"$setElementOrder/volumes":[{"name":"w"},{"name":"v"}]}`,
      `{"volumes":[{"name":"w"},{"name":"v"}]}`,
    ],
    [
      "keeps the server's items between their neighbours",
      `{"containers":[{"name":"a"},{"name":"s"},{"name":"b"}]}`,
      `{"$setElementOrder/containers":[{"name":"a"},{"name":"n"},{"name":"b"}],"containers":[{"name":"n"}]}`,
      `{"containers":[{"name":"a"},{"name":"n"},{"name":"s"},{"name":"b"}]}`,
    ],
    [
      "orders scalars",
      `{"finalizers":["a","b"]}`,
      `{"$setElementOrder/finalizers":["b","c","a"],"finalizers":["c"]}`,
      `{"finalizers":["b","c","a"]}`,
    ],
    [
      "retains keys",
      `{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"1"}}}`,
      `{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}`,
      `{"strategy":{"type":"Recreate"}}`,
    ],
    [
      "retains keys of an item",
      `{"volumes":[{"name":"v","emptyDir":{}}]}`,
      `{"volumes":[{"name":"v","$retainKeys":["name","secret"],"secret":{"x":1}}]}`,
      `{"volumes":[{"name":"v","secret":{"x":1}}]}`,
    ],
    [
      "takes keys named like those of prototypes",
      `{"data":{"a":"1"}}`,
      `{"data":{"__proto__":"2","constructor":"3"}}`,
      `{"data":{"a":"1","__proto__":"2","constructor":"3"}}`,
    ],
  ])("%s", (_, original, patch, result) => {
    expect(apply(original, patch)).toBe(result);
  });

  test.each([
    [
      "STRATEGIC_MERGE_FAILED",
      `{"containers":[{"name":"a"}]}`,
      `{"containers":[{"name":"a","$patch":"explode"}]}`,
      "unknown patch type: explode in map: map[$patch:explode name:a]",
    ],
    [
      "STRATEGIC_MERGE_FAILED",
      `{"containers":[{"name":"a"}]}`,
      `{"containers":[{"image":"a"}]}`,
      "map: map[image:a] does not contain declared merge key: name",
    ],
    [
      "STRATEGIC_MERGE_FAILED",
      `{"containers":[{"name":"a"},{"name":"b"}]}`,
      `{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"b","image":"r"}]}`,
      "The order in patch list:\n[map[image:r name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    ],
    [
      "STRATEGIC_MERGE_FORMAT",
      `{"strategy":{}}`,
      `{"strategy":{"$retainKeys":["type"],"rollingUpdate":{"maxSurge":"1"}}}`,
      "invalid patch format of retainKeys",
    ],
    ["STRATEGIC_MERGE_FORMAT", `{}`, `{"$deleteFromPrimitiveList":["a"]}`, "invalid patch format of primitive list"],
    ["STRATEGIC_MERGE_CONTENT", `{"finalizers":["a"]}`, `{"finalizers":[["a"]]}`, "lists of lists are not supported"],
  ])("refuses with %s: %s %s", (code, original, patch, message) => {
    expect(() => apply(original, patch)).toThrow(expect.objectContaining({ code, message }) as Error);
  });
});
