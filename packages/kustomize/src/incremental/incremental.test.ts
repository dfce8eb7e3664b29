// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, deployment, errorOf, filesOf } from "../../test-support/files.ts";
import type { Files } from "../../test-support/files.ts";
import { build } from "../build.ts";
import { buildFlux } from "../flux/build-flux.ts";
import { BuildCache } from "./build-cache.ts";
import { LeastRecent } from "./least-recent.ts";

const tree: Files = {
  "base/kustomization.yaml": "resources: [web.yaml]\n",
  "base/web.yaml": deployment,
  "app/kustomization.yaml": "resources: [../base, own.yaml]\nnamePrefix: my-\nconfigMapGenerator: [{name: g, files: [g.txt]}]\n",
  "app/own.yaml": configMap("own", "a: b"),
  "app/g.txt": "text",
  "other/x.yaml": configMap("x"),
};

test("unchanged inputs are not built again: not at once, not after other files changed, not in another place", () => {
  const cache = new BuildCache();
  const first = build(filesOf(tree), "/app", { cache });
  expect(build(filesOf(tree), "/app", { cache })).toBe(first);
  expect(build(filesOf({ ...tree, "other/x.yaml": configMap("y"), "app/unused.yaml": "x" }), "/app", { cache })).toBe(first);
  const moved = filesOf(Object.fromEntries(Object.entries(tree).map(([path, content]) => [`new/${path}`, content])));
  const there = { cache, cacheRoot: "/new" };
  expect(build(moved, "/new/app", there)).toEqual(first);
  expect(cache.counts.builds).toBe(1);
});

test.each<[string, Files, string]>([
  ["a resource", { "app/own.yaml": configMap("own", "a: c") }, '"a":"c"'],
  ["a file of a base", { "base/web.yaml": deployment.replace("nginx:1.0", "nginx:2.0") }, "nginx:2.0"],
  ["a file of a generator", { "app/g.txt": "other" }, "other"],
  ["the kustomization of a base", { "base/kustomization.yaml": "resources: [web.yaml]\nnameSuffix: -x\n" }, "my-web-x"],
])("a change of %s is built, and only what changed is parsed again", (what, change, expected) => {
  const cache = new BuildCache();
  build(filesOf(tree), "/app", { cache });
  expect(cache.counts).toEqual({ builds: 1, parses: 2 });
  const { objects } = build(filesOf({ ...tree, ...change }), "/app", { cache });
  expect(JSON.stringify(objects)).toContain(expected);
  expect(cache.counts).toEqual({ builds: 2, parses: what === "a resource" || what === "a file of a base" ? 3 : 2 });
});

test("a file that would come before another is a change, even though nothing that was read has changed", () => {
  const cache = new BuildCache();
  build(filesOf(tree), "/app", { cache });
  const error = errorOf(() => build(filesOf({ ...tree, "app/kustomization.yml": "namePrefix: other-\n" }), "/app", { cache }));
  expect(error.code).toBe("NO_KUSTOMIZATION");
  const folder: Files = { "all/a.yaml": configMap("a") };
  buildFlux(filesOf(folder), "/all", {}, { cache });
  expect(buildFlux(filesOf({ ...folder, "all/b.yaml": configMap("b") }), "/all", {}, { cache }).objects).toHaveLength(2);
});

test("options and what Flux adds are part of what a result is made of", () => {
  const cache = new BuildCache();
  const names = (overlay: object): unknown =>
    buildFlux(filesOf(tree), "/other", overlay, { cache }).objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  expect(names({ targetNamespace: undefined })).toEqual(["undefined/x"]);
  expect(names({ targetNamespace: "shop" })).toEqual(["shop/x"]);
  expect(names({ namePrefix: "my-" })).toEqual(["undefined/my-x"]);
  expect(names({ targetNamespace: "shop" })).toEqual(["shop/x"]);
  expect(cache.counts).toEqual({ builds: 3, parses: 1 });
});

test("a folder without a kustomization is parsed once, though it is read twice", () => {
  const cache = new BuildCache();
  buildFlux(filesOf(tree), "/other", {}, { cache });
  expect(cache.counts).toEqual({ builds: 1, parses: 1 });
});

test("one build does not see what another does to a shared file", () => {
  const cache = new BuildCache();
  const own = build(
    filesOf({ ...tree, "b/kustomization.yaml": "resources: [../base]\nnamePrefix: b-\nlabels: [{pairs: {a: b}}]\n" }),
    "/b",
    { cache },
  );
  const { objects } = build(filesOf(tree), "/app", { cache });
  expect(own.objects.map(({ metadata }) => metadata.name)).toEqual(["b-web"]);
  expect(objects).toEqual(build(filesOf(tree), "/app").objects);
});

test("the cache has a bound: what was not used for longest goes first", () => {
  const kept = new LeastRecent<number>(10);
  kept.set("a", 1, 4);
  kept.set("b", 2, 4);
  kept.get("a");
  kept.set("c", 3, 4);
  expect([kept.get("a"), kept.get("b"), kept.get("c")]).toEqual([1, undefined, 3]);
  kept.set("huge", 4, 11);
  expect([kept.get("huge"), kept.size]).toEqual([undefined, 2]);
});

test("failures are not kept: the next build tries again", () => {
  const cache = new BuildCache();
  const broken = { ...tree, "app/own.yaml": "a: [" };
  for (const _ of [1, 2]) expect(errorOf(() => build(filesOf(broken), "/app", { cache })).code).toBe("INVALID_RESOURCE");
  expect(build(filesOf(tree), "/app", { cache }).objects).toHaveLength(3);
});
