// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject, ManagedFieldsEntry } from "../../object.ts";
import { deepEqual, parseJson } from "../../json.ts";
import type { Schema } from "../../schema/schema.ts";
import type { ApplyOutcome } from "./apply-configuration.ts";
import { applyConfiguration } from "./apply-configuration.ts";
import { fieldSetOfPaths } from "./field-set.ts";
import { LAST_APPLIED_ANNOTATION } from "./last-applied.ts";
import { mergeTypeOf } from "./merge-type.ts";
import { trackUpdate } from "./track-update.ts";
import type { ApplyVersion } from "./version.ts";

const string: Schema = { type: "string" };
const schema: Schema = {
  type: "object",
  properties: {
    data: { type: "object", additionalProperties: string },
    spec: {
      type: "object",
      properties: {
        replicas: { type: "integer" },
        paused: { type: "boolean" },
        args: { type: "array", items: string },
        tags: { type: "array", items: string, "x-kubernetes-list-type": "set" },
        selector: { type: "object", additionalProperties: string, "x-kubernetes-map-type": "atomic" },
        template: { type: "object", properties: { image: string } },
        ports: {
          type: "array",
          items: { type: "object", properties: { port: { type: "integer" }, protocol: { type: "string", default: "TCP" }, name: string } },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["port", "protocol"],
        },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    },
    status: { type: "object", properties: { phase: string } },
  },
};

const type = mergeTypeOf(schema);
const served: Readonly<Record<string, ApplyVersion>> = {
  v1: {
    type,
    resetFields: fieldSetOfPaths(["status"]),
    convert: (object) => (object.apiVersion === "v1" ? object : { ...object, apiVersion: "v1" }),
  },
  v2: { type, convert: (object) => (object.apiVersion === "v2" ? object : { ...object, apiVersion: "v2" }) },
};
const versions = (apiVersion: string): ApplyVersion | undefined => (Object.hasOwn(served, apiVersion) ? served[apiVersion] : undefined);

interface Options {
  readonly manager?: string;
  readonly force?: boolean;
  readonly now?: number;
  readonly apiVersion?: string;
  readonly subresource?: string;
}

function thing(fields: Record<string, unknown>, apiVersion = "v1"): KubeObject {
  const { metadata, ...rest } = fields;
  return { apiVersion, kind: "Thing", metadata: { name: "a", ...(metadata as object | undefined) }, ...rest };
}

function apply(live: KubeObject | undefined, fields: Record<string, unknown>, options: Options = {}): ApplyOutcome {
  const { manager = "m1", force = false, now = 0, apiVersion = "v1", subresource } = options;
  return applyConfiguration({ live, applied: thing(fields, apiVersion), manager, force, apiVersion, versions, subresource, now });
}

function applied(live: KubeObject | undefined, fields: Record<string, unknown>, options: Options = {}): KubeObject {
  const outcome = apply(live, fields, options);
  if (outcome.kind === "conflict") throw new Error(outcome.message);
  return outcome.object;
}

function conflict(live: KubeObject, fields: Record<string, unknown>, options: Options = {}): string {
  const outcome = apply(live, fields, options);
  return outcome.kind === "conflict" ? outcome.message : "no conflict";
}

function update(
  before: KubeObject | undefined,
  after: KubeObject,
  manager: string,
  options: { now?: number; subresource?: string } = {},
): KubeObject {
  return trackUpdate({ before, after, manager, apiVersion: "v1", versions, now: options.now ?? 0, subresource: options.subresource });
}

function setOf(object: KubeObject, manager: string): unknown {
  return entryOf(object, manager)?.fieldsV1;
}

function entryOf(object: KubeObject, manager: string): ManagedFieldsEntry | undefined {
  return object.metadata.managedFields?.find((entry) => entry.manager === manager);
}

function managersOf(object: KubeObject): string[] {
  return (object.metadata.managedFields ?? []).map(({ manager = "", operation = "" }) => `${manager} ${operation}`);
}

describe("applyConfiguration()", () => {
  test("books what is applied to its manager, but for what names the object", () => {
    const object = applied(undefined, {
      metadata: { labels: { a: "1" } },
      spec: { replicas: 1, ports: [{ port: 80 }], tags: ["x"], template: {} },
    });
    expect(object.metadata.managedFields).toEqual([
      {
        manager: "m1",
        operation: "Apply",
        apiVersion: "v1",
        time: "1970-01-01T00:00:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:metadata": { "f:labels": { "f:a": {} } },
          "f:spec": {
            "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} } },
            "f:replicas": {},
            "f:tags": { 'v:"x"': {} },
            "f:template": {},
          },
        },
      },
    ]);
  });

  test("gives back the live object itself when nothing changes", () => {
    const live = applied(undefined, { spec: { replicas: 1, ports: [{ port: 80 }] } });
    const outcome = apply(live, { spec: { replicas: 1, ports: [{ port: 80 }] } }, { now: 5000 });
    expect(outcome).toMatchObject({ kind: "applied", isUnchanged: true });
    expect(outcome.kind === "applied" && outcome.object).toBe(live);
  });

  test("removes what is not applied any more, and keeps what others own too", () => {
    const live = applied(applied(undefined, { data: { a: "1", b: "1" } }), { data: { b: "1", c: "1" } }, { manager: "m2" });
    expect(applied(live, {})["data"]).toEqual({ b: "1", c: "1" });
    expect(applied(live, { data: { a: "1" } })["data"]).toEqual({ a: "1", b: "1", c: "1" });
  });

  test("removes an item with the defaults that were filled in below it, and keeps nobody's fields elsewhere", () => {
    const live = applied(undefined, { spec: { ports: [{ port: 80 }, { port: 81 }] } });
    const defaulted = {
      ...live,
      spec: {
        ports: [
          { port: 80, protocol: "TCP" },
          { port: 81, protocol: "TCP" },
        ],
        paused: false,
      },
    };
    expect(applied(defaulted, { spec: { ports: [{ port: 81 }] } })["spec"]).toEqual({
      ports: [{ port: 81, protocol: "TCP" }],
      paused: false,
    });
  });

  test("takes the order of lists from what is applied, other items keep their place before the next that both have", () => {
    const live = applied(undefined, { spec: { ports: [{ port: 1 }, { port: 2 }, { port: 3 }] } });
    const ports = [{ port: 3, name: "c" }, { port: 4 }, { port: 1, name: "a" }];
    const object = applied(live, { spec: { ports } }, { manager: "m2" });
    expect(object["spec"]).toEqual({ ports: [{ port: 2 }, ...ports] });
  });

  test("replaces atomic lists and maps as a whole", () => {
    const live = applied(undefined, { spec: { args: ["a", "b"], selector: { a: "1" } } });
    const spec = applied(live, { spec: { args: ["c"], selector: { b: "2" } } })["spec"];
    expect(spec).toEqual({ args: ["c"], selector: { b: "2" } });
  });

  test("reports what others own and would change, in Kubernetes' words", () => {
    const live = applied(undefined, { spec: { replicas: 1, ports: [{ port: 80, name: "x" }] } });
    expect(conflict(live, { spec: { replicas: 2 } }, { manager: "m2" })).toBe(
      'Apply failed with 1 conflict: conflict with "m1": .spec.replicas',
    );
    const outcome = apply(live, { spec: { replicas: 2, ports: [{ port: 80, name: "y" }] } }, { manager: "m2" });
    expect(outcome).toMatchObject({
      message: 'Apply failed with 2 conflicts: conflicts with "m1":\n- .spec.replicas\n- .spec.ports[port=80,protocol="TCP"].name',
      causes: [
        { reason: "FieldManagerConflict", message: 'conflict with "m1"', field: ".spec.replicas" },
        { reason: "FieldManagerConflict", message: 'conflict with "m1"', field: '.spec.ports[port=80,protocol="TCP"].name' },
      ],
    });
    const updated = update(live, { ...live, spec: { replicas: 3 } }, "u1");
    expect(conflict(updated, { spec: { replicas: 1 } })).toBe('Apply failed with 1 conflict: conflict with "u1" using v1: .spec.replicas');
    const scaled = update(live, { ...live, spec: { replicas: 3 } }, "hpa", { subresource: "scale" });
    expect(conflict(scaled, { spec: { replicas: 1 } })).toBe(
      'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using v1: .spec.replicas',
    );
  });

  test("force takes the fields from the others", () => {
    const live = applied(undefined, { spec: { replicas: 1, paused: true } });
    const object = applied(live, { spec: { replicas: 2 } }, { manager: "m2", force: true });
    expect(setOf(object, "m1")).toEqual({ "f:spec": { "f:paused": {} } });
    expect(setOf(object, "m2")).toEqual({ "f:spec": { "f:replicas": {} } });
  });

  test("who applies what already stands there owns it too, and has never changed it: no time", () => {
    const object = applied(applied(undefined, { spec: { replicas: 1 } }), { spec: { replicas: 1 } }, { manager: "m2", now: 5000 });
    expect(entryOf(object, "m2")).toEqual({
      manager: "m2",
      operation: "Apply",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    });
    expect(entryOf(object, "m1")?.time).toBe("1970-01-01T00:00:00Z");
  });

  test("books an object that nobody tracked to before-first-apply", () => {
    const object = applied(thing({ metadata: { uid: "u" }, data: { a: "1" } }), { data: { b: "2" } });
    expect(managersOf(object)).toEqual(["m1 Apply", "before-first-apply Update"]);
    expect(setOf(object, "before-first-apply")).toEqual({ "f:data": { ".": {}, "f:a": {} } });
    expect(conflict(object, { data: { a: "2" } })).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    );
  });

  test.each([
    [{ spec: { replicaz: 1 } }, ".spec.replicaz: field not declared in schema"],
    [{ spec: { replicas: "1" } }, ".spec.replicas: expected numeric (int or float), got string"],
    [{ spec: { paused: "yes" } }, ".spec.paused: expected boolean, got &{yes}"],
    [{ data: { a: 80 } }, ".data.a: expected string, got &value.valueUnstructured{Value:80}"],
    [{ spec: { template: [] } }, ".spec.template: expected map, got &{[]}"],
    [{ spec: { ports: { a: 1 } } }, ".spec.ports: expected list, got &{map[a:1]}"],
    [{ spec: { ports: [{ port: 80 }, { port: 80, protocol: "TCP" }] } }, '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]'],
    [{ spec: { tags: ["x", "x"] } }, '.spec.tags: duplicate entries for key [="x"]'],
    [{ spec: { tags: [null] } }, ".spec.tags: element 0: associative list without keys has an element that's an explicit null"],
    [{ metadata: { finalizers: ["a", "a"] } }, '.metadata.finalizers: duplicate entries for key [="a"]'],
    [
      { spec: { paused: 1, replicas: "1" } },
      "errors:\n  .spec.paused: expected boolean, got &{1}\n  .spec.replicas: expected numeric (int or float), got string",
    ],
  ])("refuses %j", (fields, message) => {
    const text = `failed to create typed patch object (/a; /v1, Kind=Thing): ${message}`;
    expect(() => apply(undefined, fields)).toThrow(expect.objectContaining({ code: "INVALID_TYPED_OBJECT", message: text }) as Error);
  });

  test("refuses managedFields in what is applied, but for null", () => {
    expect(() => apply(undefined, { metadata: { managedFields: [] } })).toThrow("metadata.managedFields must be nil");
    expect(apply(undefined, { metadata: { managedFields: null } }).kind).toBe("applied");
  });

  test("refuses what nests too deep, with a clear error", () => {
    const free = Array.from({ length: 2000 }).reduce<unknown>((below) => ({ a: below }), 1);
    expect(() => apply(undefined, { spec: { free } })).toThrow("the object nests deeper than 1000 levels");
  });

  test("leaves status to its subresource", () => {
    const object = applied(undefined, { status: { phase: "x" }, spec: { replicas: 1 } });
    expect(setOf(object, "m1")).toEqual({ "f:spec": { "f:replicas": {} } });
  });

  test("an applier is the same in every version, its set is that of the last one", () => {
    const live = applied(undefined, { spec: { replicas: 1, paused: true } });
    const object = applied({ ...live, apiVersion: "v2" }, { spec: { replicas: 1 } }, { apiVersion: "v2" });
    expect(object["spec"]).toEqual({ replicas: 1 });
    expect(object.metadata.managedFields).toMatchObject([{ manager: "m1", apiVersion: "v2" }]);
  });

  test("drops managers of versions that are gone", () => {
    const gone = {
      manager: "old",
      operation: "Update",
      apiVersion: "v0",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    } as const;
    const live = thing({ spec: { replicas: 1 }, metadata: { managedFields: [gone] } });
    expect(managersOf(applied(live, { spec: { replicas: 2 } }))).toEqual(["m1 Apply"]);
  });

  test("kubectl takes over what its client-side apply set, by the annotation", () => {
    const last = JSON.stringify({ apiVersion: "v1", kind: "Thing", metadata: { name: "a" }, spec: { replicas: 1 } });
    const annotations = { [LAST_APPLIED_ANNOTATION]: last };
    const live = update(undefined, thing({ metadata: { annotations }, spec: { replicas: 1, paused: true } }), "kubectl-client-side-apply");
    expect(conflict(live, { spec: { replicas: 2 } })).toMatch(/conflict with "kubectl-client-side-apply"/);
    const object = applied(live, { spec: { replicas: 2 } }, { manager: "kubectl" });
    expect(managersOf(object)).toEqual(["kubectl Apply", "kubectl-client-side-apply Update"]);
    expect(object.metadata.annotations).toEqual({
      [LAST_APPLIED_ANNOTATION]: '{"apiVersion":"v1","kind":"Thing","metadata":{"name":"a"},"spec":{"replicas":2}}\n',
    });
    expect(conflict(live, { spec: { replicas: 2, paused: false } }, { manager: "kubectl" })).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .spec.paused',
    );
  });

  test("keys named like those of prototypes are fields like any other", () => {
    const fields = parseJson('{"data":{"__proto__":"1","constructor":"2"}}') as Record<string, unknown>;
    const live = applied(undefined, fields);
    expect(setOf(live, "m1")).toEqual({ "f:data": { "f:__proto__": {}, "f:constructor": {} } });
    const changed = parseJson('{"data":{"__proto__":"3","toString":"4"}}') as Record<string, unknown>;
    const object = applied(live, changed);
    expect(deepEqual(object["data"], changed["data"])).toBe(true);
    expect(Object.getPrototypeOf(object["data"])).toBe(Object.prototype);
  });

  test("applying twice changes nothing the second time", () => {
    // What is emptied becomes null, which the server drops: so nothing is empty here.
    const words = fc.uniqueArray(fc.constantFrom("x", "y", "z"), { minLength: 1 });
    const ports = fc.uniqueArray(fc.record({ port: fc.nat(3), name: fc.constantFrom("a", "b") }), {
      selector: ({ port }) => port,
      minLength: 1,
    });
    const optional = { requiredKeys: ["replicas"] as ["replicas"], noNullPrototype: true };
    const spec = fc.record({ replicas: fc.nat(3), args: words, tags: words, ports }, optional);
    const data = fc.dictionary(fc.constantFrom("a", "b", "__proto__"), fc.constantFrom("1", "2"), { noNullPrototype: true, minKeys: 1 });
    const fields = fc.record({ data, spec }, { requiredKeys: [], noNullPrototype: true });
    fc.assert(
      fc.property(fields, fields, fields, (first, second, third) => {
        const live = applied(applied(undefined, first), second, { manager: "m2", force: true });
        const once = applied(live, third, { force: true, now: 1000 });
        const twice = apply(once, third, { force: true, now: 2000 });
        expect(twice).toMatchObject({ kind: "applied", isUnchanged: true });
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});

describe("trackUpdate()", () => {
  test("books what changed, and takes it from the others", () => {
    const live = applied(undefined, { spec: { replicas: 1, paused: true }, data: { a: "1" } });
    const object = update(live, { ...live, spec: { replicas: 2 } }, "u1", { now: 5000 });
    expect(setOf(object, "m1")).toEqual({ "f:data": { "f:a": {} } });
    expect(entryOf(object, "u1")).toMatchObject({
      operation: "Update",
      time: "1970-01-01T00:00:05Z",
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    });
  });

  test("gathers the updates of one manager, and moves its time only when it changes something", () => {
    const live = update(undefined, thing({ spec: { replicas: 1 } }), "u1");
    const same = update(live, { ...live }, "u1", { now: 5000 });
    expect(same.metadata.managedFields).toBe(live.metadata.managedFields);
    const more = update(live, { ...live, data: { a: "1" } }, "u1", { now: 6000 });
    expect(entryOf(more, "u1")).toMatchObject({
      time: "1970-01-01T00:00:06Z",
      fieldsV1: { "f:data": { ".": {}, "f:a": {} }, "f:spec": { ".": {}, "f:replicas": {} } },
    });
  });

  test("an update that sends no managedFields keeps them", () => {
    const live = applied(undefined, { spec: { replicas: 1 } });
    const { managedFields: _, ...metadata } = live.metadata;
    expect(managersOf(update(live, { ...live, metadata }, "u1"))).toEqual(["m1 Apply"]);
  });

  test.each([[[]], [[{}]]])("managedFields %j empty the books until the next apply", (managedFields) => {
    const live = applied(undefined, { spec: { replicas: 1 } });
    const reset = update(live, { ...live, metadata: { ...live.metadata, managedFields } }, "u1");
    expect(reset.metadata.managedFields).toBeUndefined();
    expect(update(reset, { ...reset, spec: { replicas: 2 } }, "u1").metadata.managedFields).toBeUndefined();
    expect(managersOf(applied(reset, { spec: { replicas: 1 } }))).toEqual(["m1 Apply", "before-first-apply Update"]);
  });

  test("managedFields that are edited count, unless they cannot be read or it is a subresource", () => {
    const live = applied(undefined, { spec: { replicas: 1 } });
    const edited = [{ ...(live.metadata.managedFields?.[0] as ManagedFieldsEntry), manager: "heir" }];
    const withEntries = (managedFields: unknown): KubeObject => ({ ...live, metadata: { ...live.metadata, managedFields } }) as KubeObject;
    expect(managersOf(update(live, withEntries(edited), "u1"))).toEqual(["heir Apply"]);
    expect(managersOf(update(live, withEntries([{ ...edited[0], operation: "Nope" }]), "u1"))).toEqual(["m1 Apply"]);
    expect(managersOf(update(live, withEntries(edited), "u1", { subresource: "status" }))).toEqual(["m1 Apply"]);
  });

  test("spells paths in one way, and leaves out kinds of steps that it does not know", () => {
    const entry = { manager: "x", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" } as const;
    const fieldsV1 = { "f:spec": { "f:ports": { 'k:{"protocol":"TCP", "port":80}': { ".": {}, "q:new": {} } } } };
    const live = thing({ metadata: { uid: "u" }, spec: { ports: [{ port: 80 }] } });
    const object = update(live, { ...live, metadata: { ...live.metadata, managedFields: [{ ...entry, fieldsV1 }] } }, "u1");
    expect(setOf(object, "x")).toEqual({ "f:spec": { "f:ports": { 'k:{"port":80,"protocol":"TCP"}': {} } } });
  });

  test("folds the oldest of more than ten updaters into ancient-changes", () => {
    let object = update(undefined, thing({ data: {} }), "u0");
    for (let index = 1; index <= 12; index++) {
      const data = { ...(object["data"] as object), [`k${index}`]: "v" };
      object = update(object, { ...object, data }, `u${index}`, { now: index * 1000 });
    }
    const managers = managersOf(object);
    expect(managers).toHaveLength(10);
    expect(managers[0]).toBe("ancient-changes Update");
    expect(setOf(object, "ancient-changes")).toEqual({ "f:data": { ".": {}, "f:k1": {}, "f:k2": {}, "f:k3": {} } });
  });

  test("who owned parts of what is atomic today owns all of it", () => {
    const entry = { manager: "x", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" } as const;
    const live = thing({
      metadata: { uid: "u", managedFields: [{ ...entry, fieldsV1: { "f:spec": { "f:selector": { "f:a": {} } } } }] },
      spec: { selector: { a: "1" } },
    });
    const object = update(live, { ...live, data: { a: "1" } }, "u1");
    expect(setOf(object, "x")).toEqual({ "f:spec": { "f:selector": {} } });
  });

  test("keeps no books on an object that does not fit its schema", () => {
    const live = applied(undefined, { spec: { replicas: 1 } });
    expect(update(live, { ...live, spec: { odd: 1 } }, "u1").metadata.managedFields).toBeUndefined();
  });
});
