// SPDX-License-Identifier: Apache-2.0
import { formatQuantity } from "@flux-ts/kube-core";
import type { KubeObject, Transport, TransportResponse } from "@flux-ts/kube-core";
import { beforeEach, describe, expect, test } from "vitest";
import { createApiServer } from "../server.ts";
import { contributionOf } from "./contribution.ts";

const clock = { now: () => Date.parse("2026-11-24T09:30:00Z"), after: () => () => undefined };
type Body = Readonly<Record<string, unknown>>;

function object(kind: string, spec: Body, status?: Body): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name: "a" }, spec, ...(status ? { status } : {}) };
}

function container(requests: Record<string, string>, limits: Record<string, string> = {}, more: Body = {}): Body {
  return { name: "c", image: "x", resources: { requests, limits }, ...more };
}

describe("what an object takes of a quota", () => {
  test.each<[string, string, KubeObject, Record<string, string>]>([
    ["a config map", "configmaps", object("ConfigMap", {}), { configmaps: "1", "count/configmaps": "1" }],
    ["a deployment", "deployments.apps", object("Deployment", {}), { "count/deployments.apps": "1" }],
    [
      "a pod: the sum of its containers",
      "pods",
      object("Pod", { containers: [container({ cpu: "100m" }, { memory: "1Gi" }), container({ cpu: "1" })] }),
      { "count/pods": "1", pods: "1", cpu: "1100m", "requests.cpu": "1100m", "limits.memory": "1Gi" },
    ],
    [
      "an init container that takes more than all that follow",
      "pods",
      object("Pod", { containers: [container({ cpu: "100m" })], initContainers: [container({ cpu: "2" })] }),
      { "count/pods": "1", pods: "1", cpu: "2", "requests.cpu": "2" },
    ],
    [
      "a sidecar runs beside the containers",
      "pods",
      object("Pod", {
        containers: [container({ cpu: "100m" })],
        initContainers: [container({ cpu: "200m" }, {}, { restartPolicy: "Always" }), container({ cpu: "50m" })],
      }),
      { "count/pods": "1", pods: "1", cpu: "300m", "requests.cpu": "300m" },
    ],
    ["a pod that is done", "pods", object("Pod", { containers: [container({ cpu: "1" })] }, { phase: "Succeeded" }), { "count/pods": "1" }],
    [
      "a load balancer with ports on nodes",
      "services",
      object("Service", { type: "LoadBalancer", ports: [{}, {}] }),
      { "count/services": "1", services: "1", "services.loadbalancers": "1", "services.nodeports": "2" },
    ],
    [
      "a claim of a class",
      "persistentvolumeclaims",
      object("PersistentVolumeClaim", { storageClassName: "fast", resources: { requests: { storage: "5Gi" } } }),
      {
        "count/persistentvolumeclaims": "1",
        persistentvolumeclaims: "1",
        "requests.storage": "5Gi",
        "fast.storageclass.storage.k8s.io/persistentvolumeclaims": "1",
        "fast.storageclass.storage.k8s.io/requests.storage": "5Gi",
      },
    ],
  ])("%s", (_what, resource, given, expected) => {
    expect(Object.fromEntries([...contributionOf(resource, given)].map(([name, amount]) => [name, formatQuantity(amount)]))).toEqual(
      expected,
    );
  });
});

describe("a quota", () => {
  let transport: Transport;
  const post = (plural: string, body: Body): Promise<TransportResponse> =>
    transport({ method: "POST", path: `/api/v1/namespaces/default/${plural}`, body });
  const quota = async (hard: Record<string, string>, scopes?: readonly string[]): Promise<void> => {
    const body = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q" }, spec: { hard, ...(scopes ? { scopes } : {}) } };
    await post("resourcequotas", body);
    const status = { status: { hard, used: {} } };
    const headers = { "content-type": "application/merge-patch+json" };
    await transport({ method: "PATCH", path: "/api/v1/namespaces/default/resourcequotas/q/status", body: status, headers });
  };
  const pod = (name: string, spec: Body): Body => ({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec });

  beforeEach(async () => {
    ({ transport } = createApiServer({ clock }));
    await post("serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } });
  });

  test("frees what is deleted", async () => {
    await quota({ secrets: "1" });
    const secret = (name: string): Body => ({ apiVersion: "v1", kind: "Secret", metadata: { name } });
    expect((await post("secrets", secret("a"))).status).toBe(201);
    expect((await post("secrets", secret("b"))).object).toMatchObject({
      message: 'secrets "b" is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=1, limited: secrets=1',
    });
    await transport({ method: "DELETE", path: "/api/v1/namespaces/default/secrets/a" });
    expect((await post("secrets", secret("b"))).status).toBe(201);
  });

  test("wants pods to say what it limits", async () => {
    await quota({ "limits.memory": "1Gi", "requests.cpu": "1" });
    const containers = [container({ cpu: "1" }), container({}, { memory: "1Gi" }, { name: "d" })];
    expect((await post("pods", pod("a", { containers }))).object).toMatchObject({
      message: 'pods "a" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: d',
    });
  });

  test("with a scope is about the pods of that scope only", async () => {
    await quota({ pods: "0" }, ["BestEffort"]);
    expect((await post("pods", pod("a", { containers: [container({ cpu: "1" })] }))).status).toBe(201);
    expect((await post("pods", pod("b", { containers: [container({})] }))).status).toBe(403);
  });

  test("holds a service back that grows", async () => {
    await quota({ "services.nodeports": "1" });
    const service = (spec: Body): Body => ({ apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec });
    const [http, https] = [
      { name: "http", port: 80 },
      { name: "https", port: 443 },
    ];
    expect((await post("services", service({ ports: [http, https] }))).status).toBe(201);
    const change = (spec: Body): Promise<TransportResponse> =>
      transport({
        method: "PATCH",
        path: "/api/v1/namespaces/default/services/s",
        headers: { "content-type": "application/merge-patch+json" },
        body: { spec },
      });
    expect((await change({ type: "NodePort" })).status).toBe(403);
    expect((await change({ type: "NodePort", ports: [http] })).status).toBe(200);
  });
});
