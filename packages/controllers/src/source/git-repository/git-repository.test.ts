// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitRepository } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import { conditionsOf, configure } from "@flux-ts/kube-runtime";
import type { World } from "@flux-ts/testbed/world";
import { createWorld } from "@flux-ts/testbed/world";
import { ArtifactMemory, ArtifactStorage } from "@flux-ts/toolkit/artifact";
import { createGitClient } from "@flux-ts/toolkit/git";
import { expect, test } from "vitest";
import { gitRepositories } from "./controller.ts";

test("a GitRepository becomes an artifact of its branch, and says so", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { "a.yaml": "a: 1\n", "b.png": "picture" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" } }));
  await lab.world.settle();
  const revision = `main@sha1:${repo.require("main")}`;
  const object = await lab.get();
  expect(object.status).toMatchObject({
    observedGeneration: 1,
    artifact: {
      revision,
      path: `gitrepository/default/app/${repo.require("main")}.tar.gz`,
      url: `http://artifacts.test/gitrepository/default/app/${repo.require("main")}.tar.gz`,
    },
  });
  expect(lab.conditions(object)).toEqual({
    Ready: `True Succeeded stored artifact for revision '${revision}'`,
    ArtifactInStorage: `True Succeeded stored artifact for revision '${revision}'`,
  });
  expect(lab.events()).toEqual(["info NewArtifact stored artifact for commit 'commit 1'"]);
  expect(await lab.files(object)).toEqual(["a.yaml"]);
});

test("an interval without change writes nothing and fetches nothing", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, interval: "1m" }));
  await lab.world.settle();
  const before = await lab.get();
  const requests = lab.world.git.requests.length;
  await lab.world.advance("5m20s");
  const after = await lab.get();
  expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  expect(lab.world.git.requests.slice(requests).map(({ method }) => method)).toEqual(["POST", "POST", "POST", "POST", "POST"]);
  expect(lab.events().at(-1)).toBe(
    `trace GitOperationSucceeded no changes since last reconciliation: observed revision 'main@sha1:${repo.require("main")}'`,
  );
});

test("a new commit makes a new artifact, an event with the first line of its message, and the old file goes in time", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, interval: "1m" }));
  await lab.world.settle();
  for (const [index, message] of [`${"x".repeat(60)}\n\nbody`, "third", "fourth"].entries()) {
    repo.commit({ a: `${index}` }, { message });
    await lab.world.advance("70s");
  }
  expect((await lab.get()).status).toMatchObject({ artifact: { revision: `main@sha1:${repo.require("main")}` } });
  expect(lab.events().filter((event) => event.includes("NewArtifact"))).toEqual([
    "info NewArtifact stored artifact for commit 'commit 1'",
    `info NewArtifact stored artifact for commit '${"x".repeat(50)}...'`,
    "info NewArtifact stored artifact for commit 'third'",
    "info NewArtifact stored artifact for commit 'fourth'",
  ]);
});

test("a failing fetch keeps the artifact, is told once, retried, and its end is told (S-041)", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, interval: "10m" }));
  await lab.world.settle();
  const { status: good } = await lab.get();
  lab.world.git.fault("app", { status: 502 });
  await lab.world.request("GitRepository", "app");
  await lab.world.settle();
  const failed = await lab.get();
  const message = `failed to checkout and determine revision: unable to list remote for '${repo.url}': unexpected client error: unexpected requesting "${repo.url}/info/refs?service=git-upload-pack" status code: 502: fault`;
  expect(lab.conditions(failed)).toEqual({
    Ready: `False GitOperationFailed ${message}`,
    FetchFailed: `True GitOperationFailed ${message}`,
    Reconciling: "True ProgressingWithRetry reconciliation in progress",
    ArtifactInStorage: `True Succeeded stored artifact for revision 'main@sha1:${repo.require("main")}'`,
  });
  expect(failed.status).toMatchObject({ artifact: (good as { artifact: unknown }).artifact });
  lab.world.git.fault("app", undefined);
  await lab.world.advance("10s");
  expect(lab.conditions(await lab.get())["Ready"]).toMatch(/^True Succeeded/);
  expect(lab.events().filter((event) => !event.startsWith("error"))).toEqual([
    "info NewArtifact stored artifact for commit 'commit 1'",
    `info Succeeded stored artifact for commit 'main@sha1:${repo.require("main")}'`,
    `trace GitOperationSucceeded no changes since last reconciliation: observed revision 'main@sha1:${repo.require("main")}'`,
  ]);
});

test("a first failure leaves no observedGeneration, so that nobody takes it for the end (G-CND-5)", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "nope" } }));
  await lab.world.settle();
  const object = await lab.get();
  expect(object.status).toMatchObject({ observedGeneration: -1 });
  const message = `failed to checkout and determine revision: unable to clone '${repo.url}': couldn't find remote ref "refs/heads/nope"`;
  expect(lab.conditions(object)).toEqual({
    Ready: `False GitOperationFailed ${message}`,
    FetchFailed: `True GitOperationFailed ${message}`,
    Reconciling: "True ProgressingWithRetry building artifact",
  });
});

test("a missing Secret, a Secret that does not fit and wrong credentials are told apart (G-AUTH-3, spec 6)", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  lab.world.git.protect("app", { username: "flux", password: "pw" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, secretRef: { name: "auth" } }));
  await lab.world.settle();
  expect(lab.conditions(await lab.get())["Ready"]).toBe(
    `False AuthenticationFailed failed to get secret 'default/auth': failed to get secret 'default/auth': secrets "auth" not found`,
  );
  await lab.world.apply(secret("auth", { password: "pw" }));
  await lab.world.advance("2s");
  expect(lab.conditions(await lab.get())["Ready"]).toBe(
    "False AuthenticationFailed failed to configure authentication options: invalid 'http' auth option: 'password' requires 'username' to be set",
  );
  await lab.world.apply(secret("auth", { username: "flux", password: "wrong" }));
  await lab.world.advance("5s");
  expect(lab.conditions(await lab.get())["Ready"]).toBe(
    `False GitOperationFailed failed to checkout and determine revision: unable to clone '${repo.url}': authentication required: Unauthorized`,
  );
  await lab.world.apply(secret("auth", { username: "flux", password: "pw" }));
  await lab.world.advance("10s");
  expect(lab.conditions(await lab.get())["Ready"]).toMatch(/^True Succeeded/);
  expect(JSON.stringify([lab.world.events, lab.world.logs, await lab.get()])).not.toMatch(/wrong|"pw"/);
});

test("ssh without an identity, and provider github without an app, stall or wait as recorded", async () => {
  await using lab = await createLab();
  await lab.world.apply(source({ url: "ssh://git@127.0.0.1:9/app.git" }));
  await lab.world.settle();
  expect(lab.conditions(await lab.get())["Ready"]).toBe(
    "False AuthenticationFailed failed to configure authentication options: invalid 'ssh' auth option: 'identity' is required",
  );
  await lab.world.patch("GitRepository", "app", { spec: { url: "https://github.com/a/b", provider: "github" } });
  await lab.world.settle();
  const message = "InvalidProviderConfiguration secretRef with github app data must be specified when provider is set to github";
  expect(lab.conditions(await lab.get())).toEqual({
    Ready: `False ${message}`,
    FetchFailed: `True ${message}`,
    Stalled: `True ${message}`,
  });
});

test("when the time of spec.timeout is up the fetch ends, and says in which request", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  lab.world.git.fault("app", { hang: true });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, timeout: "1s" }));
  await lab.until(() => lab.world.git.requests.length > 0);
  lab.world.clock.advanceTo(lab.world.clock.now() + 1000);
  await lab.world.settle();
  expect(lab.conditions(await lab.get())["Ready"]).toBe(
    `False GitOperationFailed failed to checkout and determine revision: unable to clone '${repo.url}': Get "${repo.url}/info/refs?service=git-upload-pack": context deadline exceeded`,
  );
});

test("ignore rules of files and spec, a sparse checkout and submodules make the content; a change of them makes it anew", async () => {
  await using lab = await createLab();
  const sub = lab.world.git.repository("sub", { s: "1" });
  const repo = lab.world.git.repository("app", {
    ".gitmodules": '[submodule "sub"]\n\tpath = vendor/sub\n\turl = ../sub.git\n',
    "vendor/sub": { submodule: sub.require("main") },
    "apps/a.yaml": "1",
    "apps/.sourceignore": "*.md\n",
    "apps/b.md": "1",
    "infra/c.yaml": "1",
  });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" } }));
  await lab.world.settle();
  expect(await lab.files(await lab.get())).toEqual(["apps/.sourceignore", "apps/a.yaml", "infra/c.yaml"]);
  await lab.world.patch("GitRepository", "app", { spec: { ignore: "/infra\n" } });
  await lab.world.settle();
  expect(await lab.files(await lab.get())).toEqual(["apps/.sourceignore", "apps/a.yaml"]);
  expect((await lab.get()).status).toMatchObject({ observedIgnore: "/infra\n" });
  await lab.world.patch("GitRepository", "app", { spec: { ignore: null, recurseSubmodules: true } });
  await lab.world.settle();
  expect(await lab.files(await lab.get())).toEqual([
    "apps/.sourceignore",
    "apps/a.yaml",
    "infra/c.yaml",
    "vendor/sub/.git",
    "vendor/sub/s",
  ]);
  expect((await lab.get()).status).toMatchObject({ observedRecurseSubmodules: true });
  expect((await lab.get()).status).not.toHaveProperty("observedIgnore");
  await lab.world.patch("GitRepository", "app", { spec: { recurseSubmodules: false, sparseCheckout: ["./infra"] } });
  await lab.world.settle();
  expect(await lab.files(await lab.get())).toEqual(["infra/c.yaml"]);
  await lab.world.patch("GitRepository", "app", { spec: { sparseCheckout: ["nowhere"] } });
  await lab.world.settle();
  expect(lab.conditions(await lab.get())["Ready"]).toMatch(
    /^False GitOperationFailed failed to sparse checkout directories : sparse checkout dir 'nowhere' does not exist in repository: lstat \/tmp\/[\w-]+\/nowhere: no such file or directory$/,
  );
});

test.each([["../../../etc"], ["/etc"], ["apps/../../../../etc"], [".."], ["/"], ["../apps"]])(
  "a sparse checkout of %j reads nothing but what the repository holds (A5, CVE-2026-47680)",
  async (folder) => {
    await using lab = await createLab();
    const repo = lab.world.git.repository("app", { "apps/a.yaml": "1", "etc/b.yaml": { symlink: "/etc/hostname" }, "c.yaml": "1" });
    await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, sparseCheckout: [folder] }));
    await lab.world.settle();
    const object = await lab.get();
    const artifact = (object.status as { readonly artifact?: unknown } | undefined)?.artifact;
    if (artifact === undefined) expect(lab.conditions(object)["Ready"]).toMatch(/^False GitOperationFailed failed to sparse checkout/);
    else for (const path of await lab.files(object)) expect(["apps/a.yaml", "c.yaml"]).toContain(path);
  },
);

test("ignore rules that lead out of the repository mean nothing there (A5)", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { "a.yaml": "1", "apps/b.yaml": "1", "apps/.sourceignore": "../a.yaml\n/../../a.yaml\n" });
  const ignore = "../apps\n/../a.yaml\n!../../../../etc/passwd\n!/etc/passwd\n";
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, ignore }));
  await lab.world.settle();
  expect(await lab.files(await lab.get())).toEqual(["a.yaml", "apps/.sourceignore", "apps/b.yaml"]);
});

test("a folder that is named as a file of rules is a folder, and its files are files (A3)", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { ".sourceignore/a.yaml": "*", "kustomization.yaml/b.yaml": "1", "c.yaml": "1" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" } }));
  await lab.world.settle();
  expect(await lab.files(await lab.get())).toEqual([".sourceignore/a.yaml", "c.yaml", "kustomization.yaml/b.yaml"]);
});

test("an included artifact is copied to its place, waited for, and wakes who includes it (G-INC-1)", async () => {
  await using lab = await createLab();
  const lib = lab.world.git.repository("lib", { "charts/x.yaml": "1", "other.yaml": "1" });
  const repo = lab.world.git.repository("app", { "a.yaml": "1" });
  const include = [{ repository: { name: "lib" }, fromPath: "charts", toPath: "deps/lib" }, { repository: { name: "lib" } }];
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, include }));
  await lab.world.settle();
  const missing = `NotFound could not get resource for include 'lib': GitRepository.source.toolkit.fluxcd.io "lib" not found`;
  expect(lab.conditions(await lab.get())).toMatchObject({ Ready: `False ${missing}`, IncludeUnavailable: `True ${missing}` });
  expect(lab.events()).toEqual([`info ${missing}`]);
  await lab.world.apply(source({ url: lib.url, ref: { branch: "main" }, interval: "1m" }, "lib"));
  await lab.world.settle();
  expect(await lab.files(await lab.get())).toEqual(["a.yaml", "deps/lib/x.yaml", "lib/charts/x.yaml", "lib/other.yaml"]);
  expect(lab.conditions(await lab.get())).not.toHaveProperty("IncludeUnavailable");
  const revision = (await lab.get()).status as { artifact: { digest: string } };
  lib.commit({ "charts/y.yaml": "1" });
  await lab.world.advance("70s");
  expect(await lab.files(await lab.get())).toContain("deps/lib/y.yaml");
  expect((await lab.get()).status).not.toMatchObject({ artifact: { digest: revision.artifact.digest } });
  expect((await lab.get()).status).toMatchObject({ includedArtifacts: [{ revision: `main@sha1:${lib.require("main")}` }, {}] });
});

test.each([
  ["a.yaml", "", /CopyFailure failed to copy 'lib' include from {2}to a.yaml: .*file exists/],
  ["x", "../../../etc", /CopyFailure failed to copy 'lib' include from ..\/..\/..\/etc to x: .*no such file/],
  ["a.yaml/x", "", /CopyFailure .*not a directory/],
  [".", "", /CopyFailure .*file exists/],
] as const)("an include to %j from %j is refused", async (toPath, fromPath, text) => {
  await using lab = await createLab();
  const lib = lab.world.git.repository("lib", { x: "1" });
  const repo = lab.world.git.repository("app", { "a.yaml": "1" });
  await lab.world.apply(source({ url: lib.url, ref: { branch: "main" } }, "lib"));
  await lab.world.settle();
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, include: [{ repository: { name: "lib" }, toPath, fromPath }] }));
  await lab.world.settle();
  expect(lab.conditions(await lab.get())["Ready"]).toMatch(text);
});

test("an artifact that was changed or has vanished from storage is built again, with the same bytes and without an event (2.8)", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" } }));
  await lab.world.settle();
  const before = (await lab.get()).status as { artifact: { path: string; digest: string } };
  await writeFile(lab.storage.fileOf(before.artifact.path), "tampered");
  await lab.world.request("GitRepository", "app");
  await lab.world.settle();
  expect((await lab.get()).status).toMatchObject({ artifact: { digest: before.artifact.digest } });
  await rm(lab.storage.fileOf(before.artifact.path));
  await lab.world.request("GitRepository", "app");
  await lab.world.settle();
  expect((await lab.get()).status).toMatchObject({ artifact: { digest: before.artifact.digest } });
  expect(lab.events()).toEqual([
    "info NewArtifact stored artifact for commit 'commit 1'",
    `error ArtifactVerificationFailed failed to verify integrity of artifact: computed digest doesn't match '${before.artifact.digest}'`,
  ]);
});

test("deletion removes the artifacts, suspended or not (G-FIN-2)", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" } }));
  await lab.world.settle();
  const { artifact } = (await lab.get()).status as { artifact: { path: string } };
  await lab.world.patch("GitRepository", "app", { spec: { suspend: true } });
  await lab.world.delete("GitRepository", "app");
  await lab.world.settle();
  expect(await lab.world.get("GitRepository", "app")).toBeUndefined();
  expect(await lab.storage.has(artifact.path)).toBe(false);
  expect(lab.events().at(-1)).toBe("trace GarbageCollectionSucceeded garbage collected artifacts for deleted resource");
});

test("with spec.verify nothing is trusted that cannot be verified", async () => {
  await using lab = await createLab();
  const repo = lab.world.git.repository("app", { a: "1" });
  await lab.world.apply(source({ url: repo.url, ref: { branch: "main" }, verify: { mode: "HEAD", secretRef: { name: "keys" } } }));
  await lab.world.settle();
  expect(lab.conditions(await lab.get())).toEqual({
    Ready: 'False VerificationError public keys secret error: secrets "keys" not found',
    SourceVerified: 'False VerificationError public keys secret error: secrets "keys" not found',
    Reconciling: "True ProgressingWithRetry building artifact",
  });
  await lab.world.apply(secret("keys", { "a.asc": "x" }));
  await lab.world.advance("2s");
  expect(lab.conditions(await lab.get())["Ready"]).toBe(
    `False InvalidCommitSignature signature verification of commit '${repo.require("main")}' failed: unsupported signature type: empty`,
  );
  expect((await lab.get()).status).not.toHaveProperty("artifact");
});

function source(spec: Record<string, unknown>, name = "app"): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: "default" },
    spec: { interval: "10m", ...spec },
  };
}

function secret(name: string, stringData: Record<string, string>): KubeObject {
  const data = Object.fromEntries(Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString("base64")]));
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "default" }, data };
}

interface Lab extends AsyncDisposable {
  readonly world: World;
  readonly storage: ArtifactStorage;
  get(): Promise<KubeObject>;
  conditions(object: KubeObject): Record<string, string>;
  events(): string[];
  files(object: KubeObject): Promise<string[]>;
  /** Waits, without a clock, for something that happens outside of the world. */
  until(isTrue: () => boolean): Promise<void>;
}

async function createLab(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "source-test-"));
  let now = (): number => 0;
  const clock = { now: () => now(), after: () => () => undefined };
  const storage = await ArtifactStorage.open({ folder, hostname: "artifacts.test", clock, memory: new ArtifactMemory() });
  const git = await createGitClient({ folder, path: process.env["PATH"] ?? "" });
  const world = await createWorld({
    controllers: [configure(gitRepositories, { storage, git, requeueDependencyMs: 30_000 })],
    kinds: [GitRepository],
  });
  now = () => world.clock.now();
  return {
    world,
    storage,
    async get() {
      const object = await world.get("GitRepository", "app");
      if (object === undefined) throw new Error("there is no GitRepository app");
      return object;
    },
    conditions: (object) =>
      Object.fromEntries(conditionsOf(object).map(({ type, status, reason, message }) => [type, `${status} ${reason} ${message}`])),
    events: () =>
      world.events
        .filter(({ object }) => object.metadata.name === "app")
        .map(({ severity, reason, message }) => `${severity} ${reason} ${message}`),
    async files(object) {
      const { artifact } = object.status as { artifact: { path: string; digest: string } };
      return [...(await storage.load(artifact)).files.keys()];
    },
    async until(isTrue) {
      while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await git[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
