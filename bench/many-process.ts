// SPDX-License-Identifier: Apache-2.0
// The process that the kill bench kills: a lab that keeps its state in the folder given; prints how many Kustomizations are ready.
import { writeSync } from "node:fs";
import { join } from "node:path";
import { flagsNotBuilt, fluxFlags } from "@flux-ts/controllers";
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { parseFlags, silentLogger } from "@flux-ts/kube-runtime";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { startLabCluster } from "flux-ts";
import { gitRepository, kustomization } from "./lab.ts";
import { fleet } from "./many.ts";

const folder = process.argv[2] ?? "";
const flags = ["--metrics-addr=0", "--health-addr=0", "--kustomize-controller.concurrent=20"];
const cluster = await startLabCluster({
  folder: join(folder, "lab"),
  isKept: true,
  port: 0,
  podReadyAfterMs: 0,
  values: parseFlags(flags, fluxFlags, flagsNotBuilt),
  log: silentLogger,
  workerUrl: new URL("../packages/flux-ts/src/programs/compute-worker.ts", import.meta.url),
  path: process.env["PATH"] ?? "",
  hostname: "bench",
});
const git = await createGitServer({ folder: join(folder, "git") });
const { names, files } = fleet();
const repository = git.repository("fleet", files);
const { client } = cluster;
const objects = [gitRepository("fleet", repository.url), ...names.map((name) => kustomization(name, "fleet", `./${name}`))];
await Promise.all(objects.map((object) => client.apply(object, { fieldManager: "bench", force: true })));

const ready = new Set<string>();
const kind = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };
for await (const { object } of await client.watch(kind, { namespace: "flux-system", sendInitialEvents: true })) {
  const before = ready.size;
  if (isReady(object)) ready.add(object.metadata.name ?? "");
  if (ready.size !== before) writeSync(1, `${ready.size}\n`);
}

function isReady({ metadata, status }: KubeObject): boolean {
  const { conditions = [], observedGeneration } = (status ?? {}) as {
    readonly conditions?: readonly Condition[];
    readonly observedGeneration?: number;
  };
  return observedGeneration === metadata.generation && conditions.some(({ type, status: is }) => type === "Ready" && is === "True");
}
