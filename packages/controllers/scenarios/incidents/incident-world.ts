// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fluxKinds } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import { configure } from "@flux-ts/kube-runtime";
import { createWorld, type World } from "@flux-ts/testbed/world";
import type { TestRepository } from "@flux-ts/testbed/git-server";
import { ArtifactMemory, ArtifactStorage, createArtifacts } from "@flux-ts/toolkit/artifact";
import { createGitClient } from "@flux-ts/toolkit/git";
import { createHttpClient } from "@flux-ts/toolkit/http";
import { kustomizationController } from "../../src/kustomize/kustomization/controller.ts";
import { kustomizeOptions } from "../../src/kustomize/options.ts";
import { gitRepositories } from "../../src/source/git-repository/controller.ts";
import { fleetFiles } from "./fleet-files.ts";
import { createOtherServers } from "./other-servers.ts";

/** A cluster with nodes on which Flux runs, and the repository `fleet`. */
export interface IncidentWorld extends AsyncDisposable {
  readonly world: World;
  readonly repository: TestRepository;
  /** Of the newest commit. */
  readonly files: ReadonlyMap<string, string>;
  /** The value of a placeholder, as `{gits}`. @see FaultStep */
  placeholder(name: string): Promise<string>;
  /** Commits; null removes a path. */
  commit(files: Readonly<Record<string, string | null>>): void;
  /** Applies the source and the Kustomizations `infra` and `apps`, and waits until they are ready. */
  start(): Promise<void>;
}

/** Close it with `await using`. Times of the clock are the world's. */
export async function createIncidentWorld(files: Readonly<Record<string, string>> = fleetFiles): Promise<IncidentWorld> {
  const folder = await mkdtemp(join(tmpdir(), "incident-"));
  const held: { world?: World } = {};
  const clock = {
    now: () => held.world?.clock.now() ?? 0,
    after: (ms: number, callback: () => void) => held.world?.clock.after(ms, callback) ?? (() => undefined),
  };
  const memory = new ArtifactMemory();
  const storage = await ArtifactStorage.open({ folder, hostname: "artifacts.test", clock, memory });
  const git = await createGitClient({ folder, path: process.env["PATH"] ?? "" });
  const artifacts = createArtifacts({ http: createHttpClient(), clock, memory, retries: 0 });
  const world = await createWorld({
    level: "nodes",
    kinds: fluxKinds,
    podRules: [
      { imageContains: "no-such-image", outcome: "image-pull-error" },
      { imageContains: "crashing", outcome: "crash-loop" },
      { imageContains: "failing", outcome: "fail" },
      { imageContains: "never-ready", outcome: "never-ready" },
      { imageContains: "silent", outcome: "pending" },
    ],
    controllers: [
      configure(gitRepositories, { storage, git, requeueDependencyMs: 30_000 }, { intervalJitterPercent: 0 }),
      configure(kustomizationController(), kustomizeOptions({ artifacts }), { intervalJitterPercent: 0 }),
    ],
  });
  held.world = world;
  const servers = createOtherServers(world.git);
  const repository = world.git.repository("fleet", files);
  const newest = new Map(Object.entries(files));
  return {
    world,
    repository,
    files: newest,
    placeholder: servers.placeholder,
    commit(changes) {
      for (const [path, text] of Object.entries(changes)) {
        if (text === null) newest.delete(path);
        else newest.set(path, text);
      }
      repository.commit(changes);
    },
    async start() {
      await world.apply(gitRepository(repository.url), kustomization("infra"), kustomization("apps", { dependsOn: [{ name: "infra" }] }));
      await world.advance("1m");
    },
    async [Symbol.asyncDispose]() {
      await servers[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
      await git[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function gitRepository(url: string): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: "fleet", namespace: "flux-system" },
    spec: { interval: "1m", timeout: "20s", url, ref: { branch: "main" } },
  };
}

function kustomization(name: string, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: {
      interval: "10m",
      retryInterval: "2m",
      timeout: "1m",
      path: `./${name}`,
      prune: true,
      wait: true,
      sourceRef: { kind: "GitRepository", name: "fleet" },
      ...spec,
    },
  };
}
