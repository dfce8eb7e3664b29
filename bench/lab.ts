// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flagsNotBuilt, fluxFlags } from "@flux-ts/controllers";
import type { KubeObject } from "@flux-ts/kube-core";
import { parseFlags, silentLogger } from "@flux-ts/kube-runtime";
import type { GitServer } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import type { LabCluster } from "flux-ts";
import { startLabCluster } from "flux-ts";

/** A cluster with its controllers and a git server, for one bench. */
export interface BenchLab extends AsyncDisposable {
  readonly cluster: LabCluster;
  readonly git: GitServer;
  /** Server-side applies objects, so many at a time. */
  apply(objects: readonly KubeObject[]): Promise<void>;
  /** Resolves as soon as an object's Ready is True at its generation, with a status that `also` accepts. */
  ready(object: KubeObject, also?: (status: Readonly<Record<string, unknown>>) => boolean): Promise<void>;
}

export async function openLab(options: { readonly podReadyAfterMs?: number } = {}): Promise<BenchLab> {
  const folder = mkdtempSync(join(tmpdir(), "flux-bench-"));
  const flags = ["--metrics-addr=0", "--health-addr=0", "--source-controller.concurrent=10", "--kustomize-controller.concurrent=20"];
  const cluster = await startLabCluster({
    folder: join(folder, "lab"),
    isKept: false,
    port: 0,
    podReadyAfterMs: options.podReadyAfterMs ?? 0,
    values: parseFlags(flags, fluxFlags, flagsNotBuilt),
    log: silentLogger,
    workerUrl: new URL("../packages/flux-ts/src/programs/compute-worker.ts", import.meta.url),
    path: process.env["PATH"] ?? "",
    hostname: "bench",
  });
  const git = await createGitServer({ pushCredential: { username: "bench", password: "bench" } });
  const { client } = cluster;
  return {
    cluster,
    git,
    apply: async (objects) => {
      await Promise.all(objects.map((object) => client.apply(object, { fieldManager: "bench", force: true })));
    },
    ready: async (object, also = () => true) => {
      const { apiVersion, kind, metadata } = object;
      const selector = { namespace: metadata.namespace ?? "", fieldSelector: `metadata.name=${metadata.name}` };
      for await (const { object: seen } of await client.watch({ apiVersion, kind }, { ...selector, sendInitialEvents: true })) {
        if (seen.metadata.name === metadata.name && isReady(seen) && also((seen["status"] ?? {}) as Record<string, unknown>)) return;
      }
    },
    async [Symbol.asyncDispose]() {
      await cluster.stop(500);
      await git[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isReady({ metadata, status }: KubeObject): boolean {
  const { conditions = [], observedGeneration } = (status ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly observedGeneration?: number;
  };
  const ready = conditions.find(({ type }) => type === "Ready")?.status === "True";
  return ready && observedGeneration === metadata.generation && !conditions.some(({ type }) => type === "Reconciling");
}

export function gitRepository(name: string, url: string): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: "flux-system" },
    spec: { interval: "1h", url, ref: { branch: "main" } },
  };
}

export function kustomization(name: string, source: string, path: string, dependsOn: readonly string[] = []): KubeObject {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: {
      interval: "1h",
      path,
      prune: true,
      wait: true,
      sourceRef: { kind: "GitRepository", name: source },
      ...(dependsOn.length === 0 ? {} : { dependsOn: dependsOn.map((one) => ({ name: one })) }),
    },
  };
}

/** Four objects as a small application has them: Deployment, ServiceAccount, Service, Ingress. */
export function appManifests(name: string, options: { readonly replicas: number; readonly image: string }): string {
  const objects = [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: "default" },
      spec: {
        replicas: options.replicas,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { serviceAccountName: name, containers: [{ name: "app", image: options.image, ports: [{ containerPort: 8080 }] }] },
        },
      },
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "default" } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name, namespace: "default" },
      spec: { defaultBackend: { service: { name, port: { number: 80 } } } },
    },
  ];
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join("");
}
