// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import { computeInLine, type Compute } from "@flux-ts/kube-runtime";
import { treeOf } from "@flux-ts/toolkit/artifact";
import { expect, test } from "vitest";
import { buildObjects, type Built } from "./build.ts";
import { BuildMemory } from "./build-memory.ts";

const spec: Kustomization["spec"] = {
  interval: "1m",
  prune: true,
  path: "./app",
  sourceRef: { kind: "GitRepository", name: "app" },
};
const configMap = (name: string, data: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
const files = {
  "app/kustomization.yaml": "resources: [../base, own.yaml]\n",
  "app/own.yaml": configMap("own", "a: b"),
  "base/kustomization.yaml": "resources: [shared.yaml]\n",
  "base/shared.yaml": configMap("shared", 'c: "${color}"'),
  "elsewhere/other.yaml": configMap("other", "e: f"),
};

/** A controller's builds, counted. */
function builder(): { build(change: Record<string, string>, revision: string, color?: string): Promise<Built>; readonly builds: number } {
  const memory = new BuildMemory();
  let builds = 0;
  const compute: Compute = (job, input, options) => {
    builds++;
    return computeInLine(job, input, options);
  };
  const ctx = {
    compute,
    signal: new AbortController().signal,
    clock: { now: () => 0, after: () => () => {} },
    waiting: <T>(work: () => Promise<T>) => work(),
    options: { noRemoteBases: true, remoteBases: undefined },
  };
  return {
    build(change, revision, color = "red") {
      const tree = treeOf(Object.entries({ ...files, ...change }).map(([path, content]) => ({ path, content: Buffer.from(content) })));
      const variables = { values: new Map([["color", color]]), isAlways: false };
      const root = `/tmp/${revision}`;
      return buildObjects({ tree, root, folder: `${root}/app`, spec, variables, isStrict: false }, ctx, memory);
    },
    get builds() {
      return builds;
    },
  };
}

test("a push that touches nothing that a Kustomization reads costs it no build", async () => {
  const controller = builder();
  const first = await controller.build({}, "one");
  expect(await controller.build({ "elsewhere/other.yaml": "changed", "app/notes.md": "new" }, "two")).toEqual(first);
  expect(controller.builds).toBe(1);
});

test("a push that touches a base, and a variable with another value, are built", async () => {
  const controller = builder();
  const first = await controller.build({}, "one");
  const second = await controller.build({ "base/shared.yaml": configMap("shared", "c: d") }, "two");
  const third = await controller.build({ "base/shared.yaml": configMap("shared", 'c: "${color}"') }, "three", "blue");
  expect([first, second, third].map(({ objects }) => objects.find(({ metadata }) => metadata.name === "shared")?.["data"])).toEqual([
    { c: "red" },
    { c: "d" },
    { c: "blue" },
  ]);
  expect(controller.builds).toBe(3);
});

test("a build that fails is tried again", async () => {
  const controller = builder();
  await expect(controller.build({ "app/own.yaml": "a: [" }, "one")).rejects.toThrow("kustomize build failed");
  expect((await controller.build({}, "two")).objects).toHaveLength(2);
});
