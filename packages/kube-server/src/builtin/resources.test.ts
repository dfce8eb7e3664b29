// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import type { ResourceDefinition, StrategyContext } from "../resource.ts";
import { indexServices } from "../service-index.ts";
import { RevisionStore } from "../store/revision-store.ts";
import { COLUMNS } from "./generated/columns.ts";
import { KINDS } from "./kinds.ts";
import { builtinResources } from "./resources.ts";
import { hasType } from "./type-table.ts";

const all = builtinResources();
const context: StrategyContext = {
  now: Date.parse("2026-01-01T00:00:00Z"),
  random: () => 0.5,
  read: () => undefined,
  list: () => [],
  services: indexServices(new RevisionStore(), "10.0.0.0/24"),
};

function resource(kind: string, version = "v1"): ResourceDefinition {
  const found = all.find((one) => one.kind === kind && one.version === version);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

function created(kind: string, given: JsonObject, version = "v1"): KubeObject {
  const { group, strategy } = resource(kind, version);
  const named = {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    metadata: { name: "a", namespace: "n", uid: "u" },
    ...given,
  };
  const defaulted = strategy.applyDefaults?.(named as KubeObject) ?? (named as KubeObject);
  return strategy.prepareCreate?.(defaulted, context) ?? defaulted;
}

describe("the table of resources", () => {
  test("has every kind once in each group and version", () => {
    const names = all.map(({ group, version, kind }) => `${group}/${version} ${kind}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(68);
  });

  test("behaviour belongs to kinds that there are", () => {
    expect(Object.keys(KINDS).filter((name) => !hasType(name))).toEqual([]);
    expect(Object.keys(KINDS).filter((name) => !all.some(({ kind }) => name.endsWith(`.${kind}`)))).toEqual([]);
  });

  test("every kind has a schema with metadata, and a zero", () => {
    for (const definition of all) {
      if (definition.verbs.length === 1) continue;
      expect(definition.schema.properties?.["metadata"], definition.kind).toBeDefined();
      expect(definition.zero?.kind).toBe(definition.kind);
    }
  });

  test("every printer has as many cells as columns", () => {
    for (const { kind, group, printer, verbs } of all) {
      if (verbs.length === 1) continue;
      const cells = printer.cells({ apiVersion: "v1", kind, metadata: { name: "a" } }, 0);
      expect(cells.length, `${group} ${kind}`).toBe(printer.columns.length + (kind === "IPAddress" ? 1 : 0)); // it has an age without a column, upstream too;
    }
    expect(Object.keys(COLUMNS).length).toBeGreaterThan(60);
  });
});

describe("defaults", () => {
  test("a Deployment has those of Kubernetes, its containers too", () => {
    const template = {
      metadata: { labels: { a: "b" } },
      spec: { containers: [{ name: "c", image: "nginx", ports: [{ containerPort: 80 }] }] },
    };
    const deployment = created("Deployment", { spec: { selector: { matchLabels: { a: "b" } }, template } });
    expect(deployment["spec"]).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: {
        spec: {
          restartPolicy: "Always",
          dnsPolicy: "ClusterFirst",
          securityContext: {},
          containers: [{ imagePullPolicy: "Always", resources: {}, ports: [{ containerPort: 80, protocol: "TCP" }] }],
        },
      },
    });
    expect(deployment["status"]).toEqual({});
  });

  test("limits become requests, and make the class of a pod", () => {
    const pod = created("Pod", {
      spec: { containers: [{ name: "c", image: "x:1", resources: { limits: { cpu: "1", memory: "1Gi" } } }] },
    });
    expect(pod["spec"]).toMatchObject({
      containers: [
        { imagePullPolicy: "IfNotPresent", resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1", memory: "1Gi" } } },
      ],
    });
    expect(pod["status"]).toMatchObject({ phase: "Pending", qosClass: "Guaranteed" });
  });

  test("a status that is sent along is dropped at creation", () => {
    expect(created("Deployment", { spec: {}, status: { replicas: 5 } })["status"]).toEqual({});
    expect(created("Namespace", { status: { phase: "Terminating" } })["status"]).toEqual({ phase: "Active" });
  });

  test("defaulting twice changes nothing", () => {
    for (const definition of all) {
      const { strategy, zero } = definition;
      if (!zero || !strategy.applyDefaults) continue;
      const once = strategy.applyDefaults(zero);
      expect(strategy.applyDefaults(once), definition.kind).toEqual(once);
    }
  });

  test("a Job selects its pods by its own uid, and names them", () => {
    const job = created("Job", { spec: { template: { spec: { restartPolicy: "Never", containers: [] } } } });
    expect(job["spec"]).toMatchObject({
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "u" } },
      template: { metadata: { labels: { "batch.kubernetes.io/job-name": "a", "job-name": "a", "controller-uid": "u" } } },
    });
    expect(job.metadata.labels).toBeUndefined();
    expect(resource("Job").convert?.fromStorage(job).metadata.labels).toMatchObject({ "job-name": "a" });
  });

  test("a LimitRange without a name gets one", () => {
    const { strategy } = resource("LimitRange");
    const named = strategy.prepareCreate?.({ apiVersion: "v1", kind: "LimitRange", metadata: {} }, context);
    expect(named?.metadata.name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("a CustomResourceDefinition remembers the versions that objects were stored in", () => {
    const spec = (storage: string): JsonObject => ({
      group: "example.com",
      names: { plural: "foos", kind: "Foo" },
      scope: "Namespaced",
      versions: ["v1", "v2"].map((name) => ({ name, served: true, storage: name === storage })),
    });
    const first = created("CustomResourceDefinition", {
      metadata: { name: "foos.example.com" },
      spec: spec("v1"),
      status: { storedVersions: ["x"] },
    });
    expect(first["status"]).toMatchObject({ storedVersions: ["v1"] });
    expect(first["spec"]).toMatchObject({ names: { singular: "foo", listKind: "FooList" }, conversion: { strategy: "None" } });
    const { strategy } = resource("CustomResourceDefinition");
    const next = strategy.prepareUpdate?.({ ...first, spec: spec("v2") }, first, context);
    expect(next?.["status"]).toMatchObject({ storedVersions: ["v1", "v2"] });
  });
});

describe("generations", () => {
  const deployment = created("Deployment", {
    spec: { template: { spec: { containers: [{ name: "c", resources: { limits: { memory: "1Gi" } } }] } } },
  });
  const { strategy } = resource("Deployment");

  test("a Deployment's counts annotations, and quantities by amount", () => {
    const annotated = { ...deployment, metadata: { ...deployment.metadata, annotations: { a: "b" } } };
    const spelled = JSON.parse(JSON.stringify(deployment).replaceAll("1Gi", "1024Mi")) as KubeObject;
    expect(strategy.changesGeneration?.(annotated, deployment)).toBe(true);
    expect(strategy.changesGeneration?.(spelled, deployment)).toBe(false);
    expect(strategy.changesGeneration?.({ ...deployment, spec: { replicas: 9 } }, deployment)).toBe(true);
  });

  test("`/status` of a Deployment keeps its labels, of a ServiceCIDR all metadata", () => {
    const labelled = { ...deployment, metadata: { ...deployment.metadata, labels: { x: "y" }, annotations: { a: "b" } } };
    const kept = strategy.prepareStatusUpdate?.(labelled, deployment, context);
    expect(kept?.metadata).toEqual({ ...deployment.metadata, annotations: { a: "b" } });
    const range: KubeObject = { apiVersion: "networking.k8s.io/v1", kind: "ServiceCIDR", metadata: { name: "a" }, spec: { cidrs: [] } };
    const changed = resource("ServiceCIDR").strategy.prepareStatusUpdate?.(
      { ...range, metadata: { name: "a", labels: { x: "y" } } },
      range,
      context,
    );
    expect(changed?.metadata).toEqual({ name: "a" });
  });
});
