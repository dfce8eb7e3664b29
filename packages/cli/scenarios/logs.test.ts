// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { SubresourceHandler } from "@flux-ts/kube-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestCluster, type TestCluster } from "./test-cluster.ts";

const line = (fields: Readonly<Record<string, unknown>>): string => `${JSON.stringify({ ts: "2026-01-01T00:00:00Z", ...fields })}\n`;

/** What each pod has logged, by its name. */
const LOGS: Readonly<Record<string, string>> = {
  "kustomize-controller-1":
    "not an entry\n" +
    line({ level: "info", msg: "reconciled", controllerKind: "Kustomization", name: "app", namespace: "flux-system" }) +
    line({ level: "error", msg: "failed", error: "no such path", controllerKind: "Kustomization", name: "web", namespace: "team" }) +
    line({ level: "info", msg: "starting" }),
  "source-controller-1": line({ level: "info", msg: "stored", "reconciler kind": "GitRepository", name: "app", namespace: "flux-system" }),
  "broken-controller-1": "{ not JSON\n" + line({ level: "info", msg: "never read", namespace: "flux-system" }),
};

/** What was asked of `pods/log`. */
const asked: string[] = [];

const log: SubresourceHandler = (_plane, _definition, { info: { name }, query }) => {
  const parameters = ["follow", "tailLines", "sinceSeconds", "sinceTime", "container"].filter((key) => query.first(key) !== undefined);
  asked.push(`${name} ${parameters.map((key) => `${key}=${query.first(key) ?? ""}`).join(" ")}`.trim());
  async function* stream(): AsyncGenerator<Uint8Array> {
    // In pieces that end in the middle of lines, as a connection gives them.
    const bytes = Buffer.from(LOGS[name] ?? "");
    for (let at = 0; at < bytes.length; at += 50) yield await Promise.resolve(bytes.subarray(at, at + 50));
  }
  return { status: 200, contentType: "text/plain", stream: stream() };
};

function controller(name: string, namespace: string, phase = "Running", containers = ["manager"]): readonly KubeObject[] {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: containers.map((one) => ({ name: one, image: "example.com/x" })) } };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { "app.kubernetes.io/part-of": "flux" } },
    spec: { selector: { matchLabels: labels }, template },
  };
  const pod = (number: number, its: string): KubeObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${name}-${number}`, namespace, labels },
    spec: template.spec,
    status: { phase: its },
  });
  return [deployment, pod(0, "Pending"), pod(1, phase)];
}

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await createTestCluster({ "pods/log": log });
  for (const namespace of ["flux-system", "elsewhere"]) {
    await cluster.client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await cluster.client.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } });
  }
  await cluster.add(
    ...controller("kustomize-controller", "flux-system"),
    ...controller("source-controller", "flux-system", "Running", ["manager", "side"]),
    ...controller("broken-controller", "elsewhere"),
  );
});

afterAll(() => cluster[Symbol.asyncDispose]());

const APP = "2026-01-01T00:00:00Z info Kustomization/app.flux-system - reconciled \n";
const WEB = "2026-01-01T00:00:00Z error Kustomization/web.team - failed no such path\n";
const START = "2026-01-01T00:00:00Z info  - starting \n";
const SOURCE = "2026-01-01T00:00:00Z info GitRepository/app.flux-system - stored \n";

test.each<readonly [words: string, out: string]>([
  ["", APP + SOURCE],
  ["-A", APP + WEB + START + SOURCE],
  ["--namespace=team", WEB],
  ["-A --level=error", WEB],
  ["-A --kind=kustomization", APP + WEB],
  ["-A --kind=GitRepository --name=APP", SOURCE],
  ["-A --name=nope", ""],
])("logs %s prints the entries that are asked for", async (words, out) => {
  expect(await cluster.flux(`logs ${words}`)).toEqual({ code: 0, out, err: "" });
});

test("logs asks one running pod of each controller, its manager where there are several containers", async () => {
  asked.length = 0;
  await cluster.flux("logs --tail=5 --since=90s");
  expect(asked).toEqual([
    "kustomize-controller-1 tailLines=5 sinceSeconds=90",
    "source-controller-1 tailLines=5 sinceSeconds=90 container=manager",
  ]);
});

test("an entry that cannot be read ends the log of its pod, and is told", async () => {
  const { code, out, err } = await cluster.flux("logs -A --flux-namespace=elsewhere");
  expect({ code, out }).toEqual({ code: 0, out: "" });
  expect(err).toMatch(/^✗ parse error: /);
});

test.each([
  ["--flux-namespace=nowhere", 'no Flux pods found in namespace "nowhere"'],
  ["--since=1m --since-time=2026-01-01T00:00:00Z", "at most one of `sinceTime` or `sinceDuration` may be specified"],
  ["--since-time=yesterday", "yesterday is not a valid (RFC3339) time"],
  ["--level=warn", 'invalid argument "warn" for "--level" flag: unsupported log level \'warn\', must be one of: debug, info, error'],
  ["app", "no argument required"],
])("logs %s fails", async (words, message) => {
  expect(await cluster.flux(`logs ${words}`)).toEqual({ code: 1, out: "", err: `✗ ${message}\n` });
});
