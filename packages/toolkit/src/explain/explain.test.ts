// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { explain } from "./explain.ts";
import type { Facts } from "./facts.ts";
import { factsOf } from "./test-facts.ts";

const NOW = Date.parse("2026-01-01T01:00:00Z");
const REVISION = "main@sha1:a1";

const ks = (name: string, status: unknown, spec: Readonly<Record<string, unknown>> = {}): KubeObject => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name, namespace: "flux-system", generation: 1, uid: name },
  spec: { sourceRef: { kind: "GitRepository", name: "fleet" }, path: `./${name}`, ...spec },
  status,
});
const ready = (status: string, reason: string, message: string): Readonly<Record<string, unknown>> => ({
  observedGeneration: 1,
  lastAppliedRevision: REVISION,
  conditions: [{ type: "Ready", status, reason, message, observedGeneration: 1 }],
});
const isWell = ready("True", "ReconciliationSucceeded", "Applied revision");
const waitsFor = (name: string): Readonly<Record<string, unknown>> =>
  ready("False", "DependencyNotReady", `dependency 'flux-system/${name}' is not ready`);
const fleet: KubeObject = {
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name: "fleet", namespace: "flux-system", generation: 1 },
  spec: {},
  status: { ...ready("True", "Succeeded", "stored"), artifact: { revision: REVISION } },
};

const refTo = (name: string): ObjectRef => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  namespace: "flux-system",
  name,
});

test("when all is well there is no culprit, and the chain ends in health", () => {
  const explanation = explain(factsOf(refTo("apps"), [fleet, ks("apps", isWell)]));
  expect(explanation).toMatchObject({ state: "ok", also: [], unknown: [] });
  expect(explanation.culprit).toBeUndefined();
  expect(explanation.chain.map(({ stage }) => stage)).toEqual(["source", "artifact", "apply", "health"]);
});

test("with no facts nothing is claimed", () => {
  expect(explain({ target: refTo("apps"), now: NOW, answers: [] })).toMatchObject({ state: "ok", chain: [], also: [] });
});

test("what could not be read is told, and is not taken for missing", () => {
  const facts = factsOf(refTo("apps"), [ks("apps", isWell)], { "GitRepository/flux-system/fleet": "forbidden" });
  expect(explain(facts)).toMatchObject({ state: "ok", unknown: ["GitRepository/flux-system/fleet: forbidden"] });
});

test("a long chain of dependencies ends in its first root", () => {
  const chain = Array.from({ length: 30 }, (_, index) =>
    ks(`k${index}`, waitsFor(`k${index + 1}`), { dependsOn: [{ name: `k${index + 1}` }] }),
  );
  const root = ks("k30", ready("False", "BuildFailed", "kustomize build failed: x"));
  const { culprit, chain: steps } = explain(factsOf(refTo("k0"), [fleet, ...chain, root]));
  expect(culprit).toMatchObject({ object: { name: "k30" }, reason: "BuildFailed" });
  expect(steps.filter(({ stage }) => stage === "dependencies")).toHaveLength(30);
});

test("what many ways lead to is looked at once: twenty layers of two take no time", () => {
  const layers = Array.from({ length: 20 }, (_, layer) =>
    ["a", "b"].map((side) =>
      ks(`${side}${layer}`, waitsFor(`a${layer + 1}`), { dependsOn: [{ name: `a${layer + 1}` }, { name: `b${layer + 1}` }] }),
    ),
  ).flat();
  const roots = ["a20", "b20"].map((name) => ks(name, ready("False", "BuildFailed", `no ${name}`)));
  const started = performance.now();
  const { culprit, also } = explain(factsOf(refTo("a0"), [fleet, ...layers, ...roots]));
  expect(performance.now() - started).toBeLessThan(2000);
  expect(culprit).toMatchObject({ object: { name: "a20" } });
  expect(also.map(({ object }) => object.name)).toContain("b20");
});

test("of several dependencies the first of the list comes first, the others stand beside it", () => {
  const objects = [
    ks("apps", waitsFor("z"), { dependsOn: [{ name: "z" }, { name: "a" }] }),
    ks("z", ready("False", "BuildFailed", "no z")),
    ks("a", ready("False", "BuildFailed", "no a")),
  ];
  const { culprit, also } = explain(factsOf(refTo("apps"), [fleet, ...objects]));
  expect(culprit?.object.name).toBe("z");
  expect(also.map(({ object, message }) => [object.name, message])).toEqual([["a", "no a"]]);
});

test("a cycle is told the same wherever it is entered", () => {
  const objects = [
    fleet,
    ks("a", waitsFor("b"), { dependsOn: [{ name: "b" }] }),
    ks("b", waitsFor("c"), { dependsOn: [{ name: "c" }] }),
    ks("c", waitsFor("a"), { dependsOn: [{ name: "a" }] }),
    ks("outside", waitsFor("c"), { dependsOn: [{ name: "c" }] }),
  ];
  const told = ["a", "b", "c", "outside"].map((name) => explain(factsOf(refTo(name), objects)).culprit);
  for (const culprit of told) {
    expect(culprit).toMatchObject({ object: { name: "a" }, reason: "DependencyCycle" });
    expect(culprit?.message).toBe("each waits for the next, for ever: flux-system/a → flux-system/b → flux-system/c → flux-system/a");
  }
});

test("the order in which facts were gathered does not matter", () => {
  const facts = factsOf(refTo("apps"), [fleet, ks("apps", waitsFor("z"), { dependsOn: [{ name: "z" }, { name: "a" }] })]);
  expect(explain({ ...facts, answers: facts.answers.toReversed() })).toEqual(explain(facts));
});

test("facts are plain data: kept as JSON, they are explained the same", () => {
  const facts = factsOf(refTo("apps"), [fleet, ks("apps", waitsFor("z"), { dependsOn: [{ name: "z" }] })]);
  expect(explain(JSON.parse(JSON.stringify(facts)) as Facts)).toEqual(explain(facts));
});

describe("what is judged elsewhere", () => {
  const unhealthy = ready(
    "False",
    "HealthCheckFailed",
    "health check failed after 1m0s: timeout waiting for: [Deployment/default/web status: 'InProgress']",
  );
  const inventory = { entries: [{ id: "default_web_apps_Deployment", v: "v1" }] };

  test("objects on another cluster are not looked for on this one", () => {
    const objects = [fleet, ks("apps", { ...unhealthy, inventory }, { kubeConfig: { secretRef: { name: "remote" } } })];
    const facts = factsOf(refTo("apps"), objects);
    const { culprit, unknown } = explain(facts);
    expect(culprit).toMatchObject({ object: { kind: "Deployment", name: "web" }, reason: "InProgress" });
    expect(unknown).toEqual(["objects of Kustomization/flux-system/apps: they are on the cluster of its kubeConfig"]);
    expect(facts.answers.filter(({ query }) => JSON.stringify(query).includes('"Deployment"'))).toEqual([]);
  });

  test("an object that an expression takes for unhealthy is the culprit, though it says of itself that it is well", () => {
    const gizmo = { apiVersion: "example.com/v1", kind: "Gizmo", metadata: { name: "one", namespace: "default" } };
    const message = "health check failed after 1m0s: timeout waiting for: [Gizmo/default/one status: 'InProgress']";
    const status = {
      ...ready("False", "HealthCheckFailed", message),
      inventory: { entries: [{ id: "default_one_example.com_Gizmo", v: "v1" }] },
    };
    const objects = [
      fleet,
      gizmo,
      ks("apps", status, { wait: true, healthCheckExprs: [{ apiVersion: "example.com/v1", kind: "Gizmo", current: "false" }] }),
    ];
    const { culprit } = explain(factsOf(refTo("apps"), objects));
    expect(culprit).toMatchObject({ object: { kind: "Gizmo", name: "one" }, reason: "InProgress" });
    expect(culprit?.message).toBe("spec.healthCheckExprs of Kustomization/flux-system/apps take it for 'InProgress'");
  });

  test("a Job that is done may be gone", () => {
    const entries = [{ id: "default_migrate_batch_Job", v: "v1" }];
    expect(explain(factsOf(refTo("apps"), [fleet, ks("apps", { ...isWell, inventory: { entries } })])).state).toBe("ok");
  });
});

describe("objects that are not what they should be", () => {
  test.each([
    ["a status that is a text", "broken"],
    ["conditions that are no list", { conditions: { Ready: true } }],
    ["conditions of anything", { conditions: [null, 1, "x", [], { type: 1 }, { type: "Ready", status: 7 }] }],
    ["an inventory of anything", { ...isWell, inventory: { entries: [null, { id: 3 }, { id: "no_id" }, { id: "____", v: {} }] } }],
  ])("%s does no harm", (_, status) => {
    expect(() => explain(factsOf(refTo("apps"), [fleet, ks("apps", status)]))).not.toThrow();
  });

  test("names like __proto__ are names", () => {
    const objects = [fleet, ks("apps", waitsFor("__proto__"), { dependsOn: [{ name: "__proto__" }, { name: "constructor" }] })];
    const { culprit } = explain(factsOf(refTo("apps"), objects));
    expect(culprit).toMatchObject({ object: { name: "__proto__" }, reason: "NotFound" });
  });

  test("a message as long as a status may be is read in no time", () => {
    const message = "A".repeat(500_000) + "/".repeat(500_000);
    const started = performance.now();
    for (const reason of ["HealthCheckFailed", "BuildFailed", "ReconciliationFailed"]) {
      const { culprit } = explain(factsOf(refTo("apps"), [fleet, ks("apps", ready("False", reason, message))]));
      expect(culprit?.message.length).toBeLessThan(1300);
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("control characters and credentials of a message are not told", () => {
    const message = `x \u001b[31m\u0007 https://user:s3cr3t@example.com/?token=s3cr3t "password": "s3cr3t" Bearer s3cr3ts3cr3t`;
    const { culprit, chain } = explain(factsOf(refTo("apps"), [fleet, ks("apps", ready("False", "BuildFailed", message))]));
    expect(JSON.stringify([culprit, chain])).not.toMatch(/s3cr3t|\\u001b|\\u0007/);
    expect(culprit?.message).toBe(`x [31m https://***@example.com/?token=*** "password": "***" Bearer ***`);
  });

  test("whatever stands in spec and status, an explanation comes out, and the same one again", () => {
    const words = fc.constantFrom(
      "Ready",
      "False",
      "True",
      "BuildFailed",
      "HealthCheckFailed",
      "ReconciliationFailed",
      "DependencyNotReady",
      "apps",
      "infra",
      "flux-system",
      "Kustomization/flux-system/infra status: 'Failed'",
      "dependency 'flux-system/infra' is not ready",
      "no",
    );
    const condition = fc.record(
      { type: words, status: words, reason: words, message: words, observedGeneration: fc.constantFrom(1, 2, "x") },
      { requiredKeys: [] },
    );
    const status = fc.record(
      {
        conditions: fc.oneof(fc.array(fc.oneof(condition, fc.anything({ maxDepth: 2 })), { maxLength: 4 }), fc.anything({ maxDepth: 1 })),
        inventory: fc.record({
          entries: fc.array(
            fc.record({ id: fc.constantFrom("flux-system_infra_kustomize.toolkit.fluxcd.io_Kustomization", "_", "a_b_c_d"), v: words }),
          ),
        }),
        observedGeneration: fc.constantFrom(0, 1, null),
      },
      { requiredKeys: [] },
    );
    const spec = fc.record(
      {
        dependsOn: fc.oneof(
          fc.array(fc.oneof(fc.record({ name: words }), fc.anything({ maxDepth: 1 })), { maxLength: 3 }),
          fc.anything({ maxDepth: 1 }),
        ),
        suspend: fc.anything({ maxDepth: 1 }),
        postBuild: fc.anything({ maxDepth: 3 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(status, status, spec, spec, (one, two, first, second) => {
        const facts = factsOf(refTo("apps"), [fleet, ks("apps", one, first), ks("infra", two, second)]);
        const explanation = explain(facts);
        expect(explain(facts)).toEqual(explanation);
        expect(explanation.culprit === undefined).toBe(explanation.state === "ok");
      }),
      { numRuns: 150, seed: 20260101 },
    );
  });
});
