// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from "vitest";
import { fluxKinds, GitRepository, Kustomization } from "@flux-ts/flux-api";
import { createClient, type Client } from "@flux-ts/kube-client";
import type { KubeObject, ObjectRef, TransportRequest } from "@flux-ts/kube-core";
import { refOf, toCustomResourceDefinition } from "@flux-ts/kube-core";
import { createApiServer } from "@flux-ts/kube-server";
import { TestClock } from "@flux-ts/testbed/clock";
import { explain } from "./explain.ts";
import { gatherFacts, type GatherPorts } from "./gather-facts.ts";

interface Lab {
  readonly admin: Client;
  readonly ports: GatherPorts;
  readonly requests: TransportRequest[];
  /** How many requests were under way at the same time, at most. */
  readonly most: () => number;
}

/** An API server that knows Flux' kinds, and ports of somebody, by default an administrator. */
async function createLab(user?: string): Promise<Lab> {
  const clock = new TestClock();
  const server = createApiServer({ clock, random: () => 0.5 });
  onTestFinished(() => server.close());
  const admin = createClient(server.transport, { userAgent: "test" });
  for (const kind of [GitRepository, Kustomization]) await admin.create(toCustomResourceDefinition(kind));
  await admin.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "flux-system" } });
  const requests: TransportRequest[] = [];
  let running = 0;
  let most = 0;
  const client = createClient(
    async (request) => {
      requests.push(request);
      running += 1;
      most = Math.max(most, running);
      try {
        return await server.transport(user === undefined ? request : { ...request, identity: { user, groups: ["system:authenticated"] } });
      } finally {
        running -= 1;
      }
    },
    { userAgent: "explain", kinds: fluxKinds },
  );
  return { admin, ports: { client, clock, signal: new AbortController().signal }, requests, most: () => most };
}

const target: ObjectRef = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "flux-system", name: "apps" };

async function add(admin: Client, object: KubeObject): Promise<void> {
  const created = await admin.create(object);
  const { status } = object;
  if (status !== undefined) await admin.patch(refOf(created), { status }, { type: "merge", subresource: "status" });
}

const notReady = (reason: string, message: string): Readonly<Record<string, unknown>> => ({
  observedGeneration: 1,
  conditions: [{ type: "Ready", status: "False", reason, message, observedGeneration: 1, lastTransitionTime: "2026-01-01T00:00:00Z" }],
});

function kustomization(status: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: target.apiVersion,
    kind: target.kind,
    metadata: { name: target.name, namespace: "flux-system" },
    spec: { interval: "10m", prune: true, path: "./", sourceRef: { kind: "GitRepository", name: "fleet" }, ...spec },
    status,
  };
}

test("only what the way asks for is read, and nothing is written", async () => {
  const { admin, ports, requests } = await createLab();
  await add(admin, kustomization(notReady("BuildFailed", "no")));
  await gatherFacts(target, ports);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/apps",
    "GET /apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/fleet",
  ]);
});

test("of Secrets and ConfigMaps only metadata is asked for, and annotations are not kept", async () => {
  const { admin, ports, requests } = await createLab();
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": '{"data":"s3cr3t"}' };
  const metadata = { name: "variables", namespace: "flux-system", annotations };
  await admin.create({ apiVersion: "v1", kind: "Secret", metadata, stringData: { password: "s3cr3t" } });
  await admin.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { password: "s3cr3t" } });
  const substituteFrom = ["Secret", "ConfigMap"].map((kind) => ({ kind, name: "variables" }));
  await add(admin, kustomization(notReady("BuildFailed", "no"), { postBuild: { substituteFrom } }));
  const facts = await gatherFacts(target, ports);
  const asked = requests.filter(({ path }) => /secrets|configmaps/.test(path));
  expect(asked).toHaveLength(2);
  for (const { headers } of asked) expect(headers?.["accept"]).toContain("PartialObjectMetadata");
  expect(JSON.stringify(facts)).not.toContain("s3cr3t");
});

test("reads are bounded in number and at a time; what is left out is told", async () => {
  const { admin, ports, requests, most } = await createLab();
  const entries = Array.from({ length: 60 }, (_, index) => ({ id: `default_web${index}_apps_Deployment`, v: "v1" }));
  await add(admin, kustomization({ ...notReady("HealthCheckFailed", "timeout waiting for: []"), inventory: { entries } }));
  const facts = await gatherFacts(target, ports, { queries: 20, concurrency: 4 });
  expect(facts.answers.filter(({ problem }) => problem === undefined)).toHaveLength(20);
  expect(requests.length).toBeLessThanOrEqual(21); // with one of discovery
  expect(most()).toBeLessThanOrEqual(4);
  expect(explain(facts).unknown).toContain("Deployment/default/web18: not looked up: more than 20 reads");
});

test("what may not be read is a gap, not a culprit", async () => {
  const { admin, ports } = await createLab("somebody");
  await add(admin, kustomization(notReady("BuildFailed", "no")));
  const { state, unknown } = explain(await gatherFacts(target, ports));
  expect(state).toBe("ok");
  expect(unknown[0]).toContain('User "somebody" cannot get resource "kustomizations"');
});

test("when the time is up, what is known is explained", async () => {
  const { admin, ports } = await createLab();
  await add(admin, kustomization(notReady("BuildFailed", "no")));
  const stop = new AbortController();
  stop.abort(new Error("late"));
  const { unknown } = explain(await gatherFacts(target, { ...ports, signal: stop.signal }));
  expect(unknown).toEqual(["Kustomization/flux-system/apps: not looked up: the time is up"]);
});

test("a kind that the cluster does not have has no objects", async () => {
  const { admin, ports } = await createLab();
  const status = {
    ...notReady("HealthCheckFailed", "x"),
    inventory: { entries: [{ id: "default_tls_cert-manager.io_Certificate", v: "v1" }] },
  };
  await add(admin, kustomization(status));
  const { culprit, also } = explain(await gatherFacts(target, ports));
  expect([culprit, ...also].map((each) => `${each?.object.kind} ${each?.reason}`)).toEqual([
    "GitRepository NotFound",
    "Certificate NotFound",
  ]);
});
