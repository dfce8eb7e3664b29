// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { definitionMetadata, fluxKinds } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import { toCustomResourceDefinition } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import { createClient, systemClock } from "@flux-ts/kube-client";
import {
  createApiServer,
  createPki,
  issueClient,
  issueServer,
  kubeconfig,
  serveHttps,
  startControlPlane,
  writeKubeconfig,
} from "@flux-ts/kube-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { runControllersProcess } from "../../packages/flux-ts/src/process/controllers-process.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The controllers as the container runs them: a process of their own, the API server over HTTPS, leases, probes and signals. */
describe("flux-controllers", () => {
  const folder = mkdtempSync(join(tmpdir(), "flux-controllers-"));
  const disposals: (() => unknown)[] = [];
  let client: Client;
  let gitUrl = "";

  beforeAll(async () => {
    const now = Date.now();
    const pki = createPki(now);
    const server = createApiServer({ clock: systemClock() });
    const tls = issueServer(pki.authority, ["127.0.0.1"], now);
    const front = await serveHttps(server, { tls: { ...tls, clientCa: pki.authority.certificate } });
    // Pods that never get ready hold a health check for as long as a test wants.
    const plane = await startControlPlane(server, { level: "nodes", podRules: [{ imageContains: "stuck", outcome: "never-ready" }] });
    const admin = issueClient(pki.authority, { user: "admin", groups: ["system:masters"] }, now);
    writeKubeconfig(join(folder, "kubeconfig"), kubeconfig({ server: front.url, caCertificate: pki.authority.certificate, client: admin }));
    client = createClient(server.transport, { userAgent: "test" });
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "flux-system" } });
    for (const kind of fluxKinds) await client.create(toCustomResourceDefinition(kind, definitionMetadata(kind)));
    const git = await createGitServer();
    gitUrl = git.repository("app", { "quick/cm.yaml": configMap("quick"), "stuck/deploy.yaml": stuckDeployment }).url;
    disposals.push(
      () => front.close(),
      () => plane.stop(),
      () => git[Symbol.asyncDispose](),
    );
  });

  afterAll(async () => {
    for (const dispose of disposals) await dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(...flags: readonly string[]): ChildProcess & { readonly lines: readonly string[] } {
    const program = fileURLToPath(new URL("../../packages/flux-ts/src/programs/flux-controllers.ts", import.meta.url));
    const child = spawn(process.execPath, ["--conditions=source", "--import", "tsx", program, ...flags], {
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: folder,
        KUBECONFIG: join(folder, "kubeconfig"),
        RUNTIME_NAMESPACE: "flux-system",
        STORAGE_PATH: join(folder, "data"),
        STORAGE_ADDR: "127.0.0.1:0",
        STORAGE_ADV_ADDR: "",
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const lines: string[] = [];
    child.stderr?.setEncoding("utf8").on("data", (text: string) => lines.push(...text.split("\n").filter((line) => line !== "")));
    return Object.assign(child, { lines });
  }

  test("works through its leases, ends in order on SIGTERM in the middle of a health check, and leaves the leases free", async () => {
    const port = 20_000 + (process.pid % 20_000);
    const child = start(
      "--enable-leader-election",
      "--metrics-addr=0",
      `--health-addr=127.0.0.1:${port}`,
      "--storage-adv-addr=127.0.0.1:1",
    );
    const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
    await client.create(gitRepository(gitUrl));
    await client.create(kustomization("stuck", { wait: true, timeout: "10m" }));
    await until(client, "deployments", { apiVersion: "apps/v1", kind: "Deployment" }, (object) => object.metadata.name === "stuck");
    await waitForStatus(`http://127.0.0.1:${port}/readyz`, 200);
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      namespace: "flux-system",
      name: "kustomize-controller-leader-election",
    };
    expect((await client.get(lease))["spec"]).toMatchObject({ holderIdentity: expect.stringMatching(/.+/), leaseDurationSeconds: 35 });

    child.kill("SIGTERM");
    expect(await exit).toBe(0);
    for (const component of ["source-controller", "kustomize-controller"]) {
      const { spec } = await client.get({ ...lease, name: `${component}-leader-election` });
      expect((spec as { readonly holderIdentity?: string }).holderIdentity ?? "", component).toBe("");
    }
    expect(child.lines.map((line) => (JSON.parse(line) as { readonly level: string }).level)).not.toContain("fatal");
  });

  test("a SIGTERM while it starts ends in order as well, with its leases free", async () => {
    const signals = new EventEmitter();
    const exit = new Promise<number>((resolve) => {
      void runControllersProcess({
        argv: ["--enable-leader-election", "--metrics-addr=0", "--health-addr=0"],
        env: {
          PATH: process.env["PATH"],
          KUBECONFIG: join(folder, "kubeconfig"),
          STORAGE_PATH: join(folder, "early"),
          STORAGE_ADDR: "127.0.0.1:0",
        },
        hostname: "early",
        signals,
        write: () => {},
        exit: resolve,
        workerUrl: new URL("../../packages/flux-ts/src/programs/compute-worker.ts", import.meta.url),
      });
    });
    signals.emit("SIGTERM");
    expect(await exit).toBe(0);
    const { items } = await client.list({ apiVersion: "coordination.k8s.io/v1", kind: "Lease" }, { namespace: "flux-system" });
    for (const { spec } of items) expect((spec as { readonly holderIdentity?: string }).holderIdentity ?? "").not.toMatch(/^early/);
  });

  test.each([
    [["--nope"], 2, "unknown flag: --nope"],
    [["--helm-index-max-size=1"], 2, "Flux has it, flux-ts does not yet"],
    [["--feature-gates=Typo=true"], 2, "feature-gate 'Typo' not supported"],
  ])("%j is refused by name", async (flags, code, text) => {
    const child = start(...flags);
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(code);
    expect(child.lines.join("\n")).toContain(text);
  });
});

function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: default\n`;
}

const stuckDeployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: stuck
  namespace: default
spec:
  selector:
    matchLabels: { app: stuck }
  template:
    metadata:
      labels: { app: stuck }
    spec:
      containers:
        - name: stuck
          image: example.com/stuck:1
`;

function gitRepository(url: string): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: "app", namespace: "flux-system" },
    spec: { interval: "10m", url, ref: { branch: "main" } },
  };
}

function kustomization(name: string, spec: Readonly<Record<string, unknown>>): KubeObject {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: { interval: "10m", path: `./${name}`, prune: true, sourceRef: { kind: "GitRepository", name: "app" }, ...spec },
  };
}

async function until(
  client: Client,
  what: string,
  kind: { apiVersion: string; kind: string },
  isIt: (object: KubeObject) => boolean,
): Promise<void> {
  for await (const { object } of await client.watch(kind, { sendInitialEvents: true })) if (isIt(object)) return;
  throw new Error(`the watch of ${what} ended`);
}

/** A process of its own has its own clock: its probe is asked until it answers so, for at most 20 s. */
async function waitForStatus(url: string, status: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const got = await fetch(url).then(
      (response) => response.status,
      () => undefined,
    );
    if (got === status) return;
    if (Date.now() > deadline) throw new Error(`${url} answers ${String(got)}, wanted ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
