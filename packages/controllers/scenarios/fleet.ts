// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { Kustomization } from "@flux-ts/flux-api";
import { GitRepository } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import { configure, systemClock } from "@flux-ts/kube-runtime";
import { clusterUnderTest } from "@flux-ts/testbed/cluster-under-test";
import { createWorld, type World } from "@flux-ts/testbed/world";
import { ArtifactMemory, createArtifacts, treeOf } from "@flux-ts/toolkit/artifact";
import { createHttpClient } from "@flux-ts/toolkit/http";
import { kustomizationController } from "../src/kustomize/kustomization/controller.ts";
import { kustomizeOptions, type KustomizeSettings } from "../src/kustomize/options.ts";

/** The world with the kustomize controller in it, and a source whose artifacts a test makes without git. */
export interface Fleet extends AsyncDisposable {
  readonly world: World;
  /** A new artifact of the source `app`; settles. @returns the revision */
  commit(files: Readonly<Record<string, string>>, source?: string): Promise<string>;
  kustomization(spec: Readonly<Record<string, unknown>>, name?: string): KubeObject;
  /** Applies the Kustomization `app` (or another), of the source `app`, and settles. */
  kustomize(spec?: Readonly<Record<string, unknown>>, name?: string): Promise<void>;
  status(name?: string): Promise<NonNullable<Kustomization["status"]>>;
  /** `[type, reason, message]` of the Kubernetes Events of a Kustomization, oldest first. */
  told(name?: string): readonly (readonly [string, string, string])[];
}

export async function createFleet(settings: Omit<KustomizeSettings, "artifacts"> = {}): Promise<Fleet> {
  const memory = new ArtifactMemory();
  // Artifacts are in memory before anybody asks for them: nothing is downloaded, so no time passes.
  const artifacts = createArtifacts({ http: createHttpClient(), clock: systemClock(), memory, retries: 0 });
  const options = kustomizeOptions({ artifacts, ...settings });
  const world = await createWorld({
    controllers: [configure(kustomizationController(), options, { intervalJitterPercent: 0 })],
    kinds: [GitRepository],
    cluster: await clusterUnderTest(),
  });
  let commits = 0;

  const commit: Fleet["commit"] = async (files, source = "app") => {
    commits += 1;
    const encoder = new TextEncoder();
    const tree = treeOf(Object.entries(files).map(([path, text]) => ({ path, content: encoder.encode(text) })));
    const hash = createHash("sha256")
      .update(JSON.stringify([commits, files]))
      .digest("hex");
    memory.put(`sha256:${hash}`, tree);
    const revision = `main@sha1:${hash.slice(0, 40)}`;
    if ((await world.get("GitRepository", source)) === undefined) await world.apply(gitRepository(source));
    const artifact = {
      digest: `sha256:${hash}`,
      revision,
      path: `gitrepository/default/${source}/${hash}.tar.gz`,
      url: `http://127.0.0.1:9/${hash}.tar.gz`,
      lastUpdateTime: "2026-01-01T00:00:00Z",
    };
    const ref = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", namespace: "default", name: source };
    await world.client.patch(
      ref,
      { status: { artifact, observedGeneration: 1 } },
      { type: "merge", fieldManager: "test", subresource: "status" },
    );
    await world.settle();
    return revision;
  };

  return {
    world,
    commit,
    kustomization: (spec, name = "app") => kustomization(name, spec),
    async kustomize(spec = {}, name = "app") {
      await world.apply(kustomization(name, spec));
      await world.settle();
    },
    async status(name = "app") {
      const object = (await world.get("Kustomization", name)) as Kustomization | undefined;
      return object?.status ?? {};
    },
    told: (name = "app") =>
      world.events
        .filter(({ object }) => object.kind === "Kustomization" && object.metadata.name === name)
        .map(({ severity, reason, message }) => [severity === "error" ? "Warning" : "Normal", reason, message] as const),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
    },
  };
}

function gitRepository(name: string): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name },
    spec: { interval: "10m", url: "https://example.com/app.git" },
  };
}

/** A field that is undefined is left out. */
function kustomization(name: string, spec: Readonly<Record<string, unknown>>): KubeObject {
  const object = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name },
    spec: {
      interval: "10m",
      path: "./",
      prune: true,
      targetNamespace: "default",
      sourceRef: { kind: "GitRepository", name: "app" },
      ...spec,
    },
  };
  return JSON.parse(JSON.stringify(object)) as KubeObject;
}

export function configMap(name: string, data: Readonly<Record<string, string>>, annotations?: Readonly<Record<string, string>>): string {
  // JSON is YAML.
  return JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...(annotations ? { annotations } : {}) }, data });
}

/** A Deployment that nothing runs: a test writes its status. */
export function deployment(name: string, spec: Readonly<Record<string, unknown>> = {}): string {
  const labels = { app: name };
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "app", image: "ghcr.io/my-org/app:v1.0.0" }] } },
      ...spec,
    },
  });
}
