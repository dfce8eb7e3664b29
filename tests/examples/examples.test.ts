// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, createClient, loadKubeconfig, ownKubeconfig, selectFrom } from "@flux-ts/kube-client";
import { systemClock } from "@flux-ts/kube-runtime";
import { startEmbeddedCluster } from "../../examples/embedded-api-server.ts";
import { testGreetings } from "../../examples/test-your-operator.ts";
import { manifestsFor } from "../../examples/use-kustomize-alone.ts";

test("use-kustomize-alone", () => {
  expect(manifestsFor("staging", 3)).toBe(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: staging
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - image: nginx:1.27
        name: web
`);
});

test("test-your-operator", async () => {
  expect(await testGreetings()).toEqual(["says hi", { text: "hi" }, { text: "hi" }, { text: "hei" }, undefined]);
});

test("embedded-api-server", async () => {
  const folder = mkdtempSync(join(tmpdir(), "example-"));
  const path = join(folder, "kubeconfig");
  try {
    await using cluster = await startEmbeddedCluster(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toContain(cluster.url);
    const config = await loadKubeconfig({ env: { KUBECONFIG: path }, home: homedir() });
    await using transport = await connect(selectFrom(config), { clock: systemClock(), trust: ownKubeconfig, env: {} });
    const client = createClient(transport, { userAgent: "example/1.0" });
    const { items } = await client.list({ apiVersion: "v1", kind: "Namespace" });
    expect(items.map(({ metadata }) => metadata.name)).toContain("default");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
