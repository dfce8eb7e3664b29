// SPDX-License-Identifier: Apache-2.0
// Random schemas, objects and scripts of writes for the comparison with Kubernetes' own field management.
import fc from "fast-check";
import type { Schema } from "@flux-ts/kube-core";

export interface Version {
  readonly name: string;
  readonly schema: Schema;
  readonly reset: readonly (readonly string[])[];
}

export interface Step {
  readonly do: "apply" | "update";
  readonly version: string;
  readonly manager: string;
  readonly force: boolean;
  readonly subresource: string;
  readonly object: Record<string, unknown>;
}

export interface Script {
  readonly versions: readonly Version[];
  readonly steps: readonly Step[];
}

/** A bounded source of choices. */
class Choices {
  /**
   * Whether lists may hold an item twice, or one that has no keys. Where two versions are in use, Kubernetes gives up
   * on such an object (it loses its managers, or cannot be applied to) as soon as one of them knows the list's keys.
   * Ours carries on: the one deliberate difference.
   */
  allowsOddItems = false;
  readonly #random: (max: number) => number;

  constructor(random: (max: number) => number) {
    this.#random = random;
  }

  /** 0 … max - 1. */
  below(max: number): number {
    return this.#random(max - 1);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  of<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}

/** Scripts of up to eight writes to one object. */
export const scripts: fc.Arbitrary<Script> = fc.gen().map((draw) => makeScript(new Choices((max) => draw(unbiased, max))));

/** Small numbers must not be likelier than others: they choose. */
function unbiased(max: number): fc.Arbitrary<number> {
  return fc.noBias(fc.nat({ max }));
}

const NAMES = ["a", "b", "c", "d", "e"] as const;

const metadata: Schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    uid: { type: "string" },
    managedFields: { type: "array", items: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    labels: { type: "object", additionalProperties: { type: "string" } },
    annotations: { type: "object", additionalProperties: { type: "string" } },
    finalizers: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
    ownerReferences: {
      type: "array",
      items: { type: "object", properties: { uid: { type: "string" }, kind: { type: "string" } }, "x-kubernetes-map-type": "atomic" },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["uid"],
    },
  },
};

function makeScript(choices: Choices): Script {
  const root: Schema = {
    type: "object",
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata,
      spec: makeObject(choices, 3),
      status: makeObject(choices, 1),
    },
  };
  const reset = choices.chance(30) ? [["status"]] : [];
  const other = choices.chance(70)
    ? root
    : { ...root, properties: { ...root.properties, spec: relist(choices, root.properties?.["spec"] ?? {}) } };
  const versions = [
    { name: "v1", schema: root, reset },
    { name: "v2", schema: other, reset },
  ];
  const usesBoth = choices.chance(50);
  choices.allowsOddItems = !usesBoth;
  const steps: Step[] = [];
  const count = 2 + choices.below(7);
  const state: { previous: Record<string, unknown> | undefined } = { previous: undefined };
  for (let index = 0; index < count; index++) steps.push(makeStep(choices, usesBoth ? versions : versions.slice(0, 1), state));
  return { versions, steps };
}

function makeStep(choices: Choices, versions: readonly Version[], state: { previous: Record<string, unknown> | undefined }): Step {
  const version = choices.chance(70) ? versions[0] : (versions[1] ?? versions[0]);
  const name = version?.name ?? "v1";
  const action = choices.chance(60) ? "apply" : "update";
  const isEdit = state.previous !== undefined && choices.chance(60);
  const schema = versions[0]?.schema ?? {};
  const object = isEdit ? edit(choices, schema, state.previous ?? {}, action) : makeRoot(choices, schema, action);
  const complete = { ...object, apiVersion: `oracle.test/${name}`, kind: "Thing" };
  state.previous = complete;
  return {
    do: action,
    version: name,
    manager: choices.of(["m1", "m2", "m3", "kubectl", "u1", ""]),
    force: choices.chance(40),
    subresource: choices.chance(10) ? "status" : "",
    object: action === "update" && choices.chance(8) ? withManagedFields(choices, complete) : complete,
  };
}

function withManagedFields(choices: Choices, object: Record<string, unknown>): Record<string, unknown> {
  const managedFields = choices.of<unknown>([
    [],
    [{}],
    [{ manager: "x", operation: "Apply", apiVersion: "oracle.test/v1", fieldsType: "FieldsV1", fieldsV1: { "f:spec": { "f:a": {} } } }],
    [{ manager: "x", operation: "Nope", apiVersion: "oracle.test/v1", fieldsType: "FieldsV1", fieldsV1: {} }],
    [{ manager: "x", operation: "Update", apiVersion: "oracle.test/v9", fieldsType: "FieldsV1", fieldsV1: { "f:spec": {} } }],
    [
      {
        manager: "x",
        operation: "Update",
        apiVersion: "oracle.test/v1",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:spec": { 'k:{"b":1, "a":2}': { ".": {}, "q:1": {} } } },
      },
    ],
  ]);
  return { ...object, metadata: { ...(object["metadata"] as object), managedFields } };
}

function makeSchema(choices: Choices, depth: number): Schema {
  const kind = depth === 0 ? choices.below(5) : choices.below(14);
  switch (kind) {
    case 0:
      return { type: "string" };
    case 1:
      return { type: "integer" };
    case 2:
      return { type: "boolean" };
    case 3:
      return { "x-kubernetes-int-or-string": true };
    case 4:
      return { type: "string", format: "date-time" };
    case 5:
      return {
        type: "array",
        items: makeSchema(choices, depth - 1),
        ...(choices.chance(50) ? { "x-kubernetes-list-type": "atomic" } : {}),
      };
    case 6:
      return { type: "array", items: { type: choices.of(["string", "integer"]) }, "x-kubernetes-list-type": "set" };
    case 7:
    case 8:
    case 9:
      return makeListMap(choices, depth);
    case 10:
      return {
        type: "object",
        additionalProperties: makeSchema(choices, depth - 1),
        ...(choices.chance(20) ? { "x-kubernetes-map-type": "atomic" } : {}),
      };
    case 11:
      return choices.of<Schema>([
        { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        { "x-kubernetes-preserve-unknown-fields": true },
        { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { a: makeSchema(choices, depth - 1) } },
      ]);
    default:
      return makeObject(choices, depth);
  }
}

function makeObject(choices: Choices, depth: number): Schema {
  const properties: Record<string, Schema> = {};
  for (const name of NAMES) if (choices.chance(70)) properties[name] = makeSchema(choices, Math.max(0, depth - 1));
  if (Object.keys(properties).length === 0) properties["a"] = { type: "string" };
  return { type: "object", properties, ...(choices.chance(10) ? { "x-kubernetes-map-type": "atomic" } : {}) };
}

function makeListMap(choices: Choices, depth: number): Schema {
  const item = makeObject(choices, Math.max(0, depth - 1));
  const keys = choices.of<string[]>([["name"], ["name"], ["port", "protocol"]]);
  const fields: Record<string, Schema> =
    keys.length === 1 ? { name: { type: "string" } } : { port: { type: "integer" }, protocol: { type: "string", default: "TCP" } };
  return {
    type: "array",
    items: { ...item, properties: { ...item.properties, ...fields } },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": keys,
  };
}

/** The same schema, some of its lists and maps merged another way. */
function relist(choices: Choices, schema: Schema): Schema {
  const { items, properties, additionalProperties } = schema;
  const changed: Schema = {
    ...schema,
    ...(items === undefined ? {} : { items: relist(choices, items) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, relist(choices, field)])) }),
    ...(typeof additionalProperties === "object" ? { additionalProperties: relist(choices, additionalProperties) } : {}),
  };
  if (schema.type === "array" && choices.chance(30)) {
    const { "x-kubernetes-list-map-keys": _, ...rest } = changed;
    return { ...rest, "x-kubernetes-list-type": "atomic" };
  }
  if (schema.type === "object" && schema.properties !== undefined && choices.chance(20))
    return { ...changed, "x-kubernetes-map-type": "atomic" };
  return changed;
}

function makeRoot(choices: Choices, schema: Schema, action: Step["do"]): Record<string, unknown> {
  const meta: Record<string, unknown> = { name: "x" };
  if (choices.chance(40)) meta["labels"] = { [choices.of(NAMES)]: choices.of(["1", "2"]) };
  if (choices.chance(10)) meta["finalizers"] = choices.of([["f"], ["g", "f"]]);
  if (choices.chance(10)) meta["ownerReferences"] = [{ uid: choices.of(["1", "2"]), kind: choices.of(["A", "B"]) }];
  const object: Record<string, unknown> = { metadata: meta };
  const { spec, status } = schema.properties ?? {};
  if (spec !== undefined && choices.chance(90)) object["spec"] = makeValue(choices, spec, action, true);
  if (status !== undefined && choices.chance(15)) object["status"] = makeValue(choices, status, action, true);
  if (choices.chance(15)) {
    meta["annotations"] = {
      "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({
        apiVersion: "oracle.test/v1",
        kind: "Thing",
        metadata: { name: "x" },
        spec: object["spec"] ?? {},
      }),
    };
  }
  return object;
}

/** A value that mostly fits. Stored objects may hold an item twice, applied ones rarely do. */
function makeValue(choices: Choices, schema: Schema, action: Step["do"], isContainer = false): unknown {
  if (!isContainer && choices.chance(4)) return null;
  if (!isContainer && action === "apply" && choices.chance(1)) return choices.of<unknown>(["wrong", 7, true, {}, []]);
  if (schema["x-kubernetes-preserve-unknown-fields"] === true || Object.keys(schema).length === 0)
    return makeFree(choices, 2, schema.type === "object" || isContainer);
  if (schema["x-kubernetes-int-or-string"] === true) return choices.of<unknown>([1, "1", 2, "50%"]);
  switch (schema.type) {
    case "string":
      return schema.format === undefined ? choices.of(["x", "y", "z"]) : choices.of(["2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"]);
    case "integer":
      return choices.below(3);
    case "boolean":
      return choices.chance(50);
    case "array":
      return makeItems(choices, schema, action);
    default:
      return makeFields(choices, schema, action);
  }
}

function makeFree(choices: Choices, depth: number, isObject: boolean): unknown {
  if (!isObject && (depth === 0 || choices.chance(50))) return choices.of<unknown>([1, "s", true, null, [], [1, { a: 2 }]]);
  const object: Record<string, unknown> = {};
  for (const name of NAMES) if (choices.chance(30)) object[name] = makeFree(choices, Math.max(0, depth - 1), false);
  return object;
}

function makeItems(choices: Choices, schema: Schema, action: Step["do"]): unknown[] {
  const isKeyed = schema["x-kubernetes-list-type"] === "map" || schema["x-kubernetes-list-type"] === "set";
  const items: unknown[] = [];
  const count = choices.below(4);
  for (let index = 0; index < count; index++)
    items.push(makeValue(choices, schema.items ?? {}, action, isKeyed && !choices.allowsOddItems));
  const isDistinct = isKeyed && (!choices.allowsOddItems || (action === "apply" && choices.chance(97)));
  return isDistinct ? withoutTwins(items, schema["x-kubernetes-list-map-keys"]) : items;
}

function withoutTwins(items: readonly unknown[], keys: readonly string[] | undefined): unknown[] {
  const byKey = new Map<string, unknown>();
  for (const item of items) {
    const name =
      keys === undefined ? item : keys.map((key) => (item as Record<string, unknown> | null)?.[key] ?? (key === "protocol" ? "TCP" : null));
    byKey.set(JSON.stringify(name), item);
  }
  return [...byKey.values()];
}

function makeFields(choices: Choices, schema: Schema, action: Step["do"]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const { properties, additionalProperties } = schema;
  for (const [name, field] of Object.entries(properties ?? {})) {
    const isKey = name === "name" || name === "port" || name === "protocol";
    const chance = isKey ? (name === "protocol" ? 50 : choices.allowsOddItems ? 97 : 100) : 50;
    if (choices.chance(chance)) object[name] = makeValue(choices, field, action, isKey);
  }
  if (typeof additionalProperties === "object") {
    for (const name of NAMES) if (choices.chance(30)) object[name] = makeValue(choices, additionalProperties, action);
  }
  if (action === "apply" && choices.chance(1)) object["unknown"] = 1;
  return object;
}

/** The object before, with some fields made anew or left out. */
function edit(choices: Choices, schema: Schema, object: Record<string, unknown>, action: Step["do"]): Record<string, unknown> {
  const fresh = makeRoot(choices, schema, action);
  return mix(choices, object, fresh) as Record<string, unknown>;
}

function mix(choices: Choices, before: unknown, fresh: unknown): unknown {
  if (!isObject(before) || !isObject(fresh)) return choices.chance(30) ? fresh : before;
  const result: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(fresh)])) {
    const has = Object.hasOwn(before, key);
    if (!has && choices.chance(70)) continue;
    if (has && key !== "metadata" && choices.chance(15)) continue;
    const value = Object.hasOwn(fresh, key) ? mix(choices, has ? before[key] : fresh[key], fresh[key]) : before[key];
    result[key] = value;
  }
  delete result["managedFields"];
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
