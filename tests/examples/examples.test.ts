// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { createGitClient } from "@flux-ts/toolkit/git";
import { createHttpClient } from "@flux-ts/toolkit/http";
import { expect, onTestFinished, test } from "vitest";
import { connect, createClient, loadKubeconfig, ownKubeconfig, selectFrom } from "@flux-ts/kube-client";
import { systemClock } from "@flux-ts/kube-runtime";
import { startEmbeddedCluster } from "../../examples/embedded-api-server.ts";
import { gitProviders } from "../../examples/git-provider.ts";
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

test("git-provider", async () => {
  const folder = mkdtempSync(join(tmpdir(), "example-"));
  const git = await createGitServer();
  const http = createHttpClient();
  const client = await createGitClient({ folder, path: process.env["PATH"] ?? "" });
  const repository = git.repository("app", { "a.yaml": "a: 1" });
  git.protect("app", { username: "token", password: "t-1" });
  // The stand-in of the service: it knows one repository.
  const service = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => response.writeHead(body.includes(repository.url) ? 200 : 403).end('{"token":"t-1"}'));
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    await client[Symbol.asyncDispose]();
    await http[Symbol.asyncDispose]();
    await git[Symbol.asyncDispose]();
    await new Promise((resolve) => service.close(resolve));
    rmSync(folder, { recursive: true });
  });
  const signal = AbortSignal.timeout(10_000);
  const ports = { service: `http://127.0.0.1:${(service.address() as AddressInfo).port}/`, http };
  const read = async (name: keyof typeof gitProviders, url: string): Promise<string> => {
    const auth = await gitProviders[name](ports).authFor(url, signal);
    const result = await client.checkout({ url, auth }, { branch: "main" }, { signal });
    if (result.kind === "checkout") await result.checkout[Symbol.asyncDispose]();
    return result.kind;
  };
  expect(await read("token", repository.url)).toBe("checkout");
  await expect(read("generic", repository.url)).rejects.toThrow("authentication required");
  await expect(read("token", `${git.url}/other.git`)).rejects.toMatchObject({ reason: "AuthenticationFailed" });
});
