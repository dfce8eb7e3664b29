// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { TestClock } from "@flux-ts/testbed/clock";
import { createApiServer } from "../server.ts";

type Body = Readonly<Record<string, unknown>>;

/** A POST: its status, warnings, and either the object or the message. */
async function create(path: string, body: Body) {
  const server = createApiServer({ clock: new TestClock(), random: () => 0.5 });
  const answer = await server.transport({ method: "POST", path, body });
  server.close();
  const warnings = [answer.headers["warning"] ?? []].flat().map((text) => text.replace(/^299 - "|"$/g, "").replaceAll(String.raw`\"`, '"'));
  return {
    status: answer.status,
    warnings,
    object: answer.object as Record<string, Record<string, unknown>> & { readonly message?: string },
  };
}

const owner = { apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "u" };
const CORE = "/api/v1/namespaces/default";
const claim = (spec: Body): Body => ({
  metadata: { name: "a" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
});

test("an owner that is named twice is kept once, with a warning", async () => {
  const { status, warnings, object } = await create(`${CORE}/configmaps`, { metadata: { name: "a", ownerReferences: [owner, owner] } });
  expect(status).toBe(201);
  expect(object["metadata"]?.["ownerReferences"]).toEqual([owner]);
  expect(warnings.join()).toContain("duplicate UID(s) observed: u");
});

test.each<[path: string, body: Body, field: string, key: string, value: unknown]>([
  [
    "/apis/coordination.k8s.io/v1/namespaces/default/leases",
    { metadata: { name: "a" }, spec: { strategy: "x" } },
    "spec",
    "strategy",
    undefined,
  ],
  [
    `${CORE}/persistentvolumeclaims`,
    claim({ dataSource: { apiGroup: "x.example", kind: "K", name: "n" } }),
    "spec",
    "dataSource",
    undefined,
  ],
  [
    `${CORE}/persistentvolumeclaims`,
    claim({ dataSource: { kind: "PersistentVolumeClaim", name: "n" } }),
    "spec",
    "dataSourceRef",
    { apiGroup: null, kind: "PersistentVolumeClaim", name: "n" },
  ],
  ["/api/v1/nodes", { metadata: { name: "a" }, spec: { configSource: { configMap: {} } } }, "spec", "configSource", undefined],
  [`${CORE}/resourcequotas`, { metadata: { name: "a" }, spec: { hard: { cpu: "1.0001" } } }, "spec", "hard", { cpu: "1001m" }],
  ["/apis/networking.k8s.io/v1/namespaces/default/networkpolicies", { metadata: { name: "a" } }, "spec", "policyTypes", ["Ingress"]],
])("what is off by default, old or not written is as a real server has it: POST %s %j", async (path, body, field, key, value) => {
  const { status, object } = await create(path, body);
  expect([status, object[field]?.[key]]).toEqual([201, value]);
});

test.each<[path: string, body: Body, message: string]>([
  // A template without a spec has the defaults of one.
  [
    "/apis/apps/v1/namespaces/default/deployments",
    { metadata: { name: "a" }, spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } } } } },
    'Deployment.apps "a" is invalid: spec.template.spec.containers: Required value',
  ],
  // A budget does not look at its metadata until the rest is in order.
  [
    "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
    { metadata: { name: "a/b" }, spec: { minAvailable: "120%" } },
    `PodDisruptionBudget.policy "a/b" is invalid: spec.minAvailable: Invalid value: "120%": must not be greater than 100%`,
  ],
  [
    "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
    { metadata: { name: "a/b" }, spec: { minAvailable: 1 } },
    `PodDisruptionBudget.policy "a/b" is invalid: metadata.name: Invalid value: "a/b": may not contain '/'`,
  ],
  [
    "/api/v1/namespaces",
    { metadata: { name: "a", labels: { "pod-security.kubernetes.io/enforce": "x" } } },
    'Namespace "a" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "x": must be one of privileged, baseline, restricted',
  ],
])("refused: POST %s %j", async (path, body, message) => {
  const { status, object } = await create(path, body);
  expect([status, object.message]).toEqual([422, message]);
});

test("a namespace cannot be changed to levels of pod security that there are not; wrong ones may stay", async () => {
  const server = createApiServer({ clock: new TestClock(), random: () => 0.5 });
  const patch = (labels: Body) =>
    server.transport({
      method: "PATCH",
      path: "/api/v1/namespaces/default",
      headers: { "content-type": "application/merge-patch+json" },
      body: { metadata: { labels } },
    });
  expect((await patch({ "pod-security.kubernetes.io/warn": "x" })).status).toBe(422);
  expect((await patch({ "pod-security.kubernetes.io/warn": "baseline" })).status).toBe(200);
  server.close();
});
