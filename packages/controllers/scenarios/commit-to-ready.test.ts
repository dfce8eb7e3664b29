// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configure } from "@flux-ts/kube-runtime";
import { clusterUnderTest } from "@flux-ts/testbed/cluster-under-test";
import { createWorld, type World } from "@flux-ts/testbed/world";
import { ArtifactMemory, ArtifactStorage, createArtifacts } from "@flux-ts/toolkit/artifact";
import { createGitClient } from "@flux-ts/toolkit/git";
import { createHttpClient } from "@flux-ts/toolkit/http";
import { kustomizationController } from "../src/kustomize/kustomization/controller.ts";
import { kustomizeOptions } from "../src/kustomize/options.ts";
import { gitRepositories } from "../src/source/git-repository/controller.ts";
import { configMap, deployment } from "./fleet.ts";

const manifests = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: app }
spec: { interval: 1m, url: URL, ref: { branch: main } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: app }
spec:
  interval: 10m
  path: ./deploy
  prune: true
  wait: true
  targetNamespace: default
  sourceRef: { kind: GitRepository, name: app }
`;

test("S-029, S-036, S-100: a commit reaches the cluster, and is Ready when what it brought is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "commit-to-ready-"));
  try {
    const held: { world?: World } = {};
    const clock = {
      now: () => held.world?.clock.now() ?? 0,
      after: (ms: number, callback: () => void) => held.world?.clock.after(ms, callback) ?? (() => undefined),
    };
    const memory = new ArtifactMemory();
    const storage = await ArtifactStorage.open({ folder, hostname: "artifacts.test", clock, memory });
    await using git = await createGitClient({ folder, path: process.env["PATH"] ?? "" });
    const artifacts = createArtifacts({ http: createHttpClient(), clock, memory, retries: 0 });
    await using world = await createWorld({
      level: "nodes",
      cluster: await clusterUnderTest("nodes"),
      controllers: [
        configure(gitRepositories, { storage, git, requeueDependencyMs: 30_000 }, { intervalJitterPercent: 0 }),
        configure(kustomizationController(), kustomizeOptions({ artifacts }), { intervalJitterPercent: 0 }),
      ],
    });
    held.world = world;
    const repository = world.git.repository("app", { "deploy/hello.yaml": configMap("hello", { greeting: "hello" }) });
    await world.apply(manifests.replace("URL", repository.url));
    await world.settle();
    expect(await world.ready("Kustomization", "app")).toMatch(/^Applied revision: main@sha1:[0-9a-f]{40}$/);

    const commit = repository.commit({
      "deploy/hello.yaml": configMap("hello", { greeting: "hei" }),
      "deploy/web.yaml": deployment("web"),
    });
    await world.advance("1m");
    expect(await world.get("ConfigMap", "hello")).toMatchObject({ data: { greeting: "hei" } });
    await world.advance("30s");
    expect(await world.ready("Kustomization", "app")).toBe(`Applied revision: main@sha1:${commit}`);
    expect(await world.get("Deployment", "web")).toMatchObject({ status: { availableReplicas: 1 } });
    const told = world.events.map(({ message }) => message);
    expect(told).toContain("ConfigMap/default/hello configured\nDeployment/default/web created");

    repository.commit({ "deploy/web.yaml": null });
    await world.advance("1m");
    expect(await world.get("Deployment", "web")).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
