// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GitServer } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { expect, test } from "vitest";
import { ignoresOf } from "../ignore/source-ignore.ts";
import { authOptionsFor } from "./auth-options.ts";
import type { GitClient } from "./client.ts";
import { createGitClient } from "./client.ts";
import type { GitRef } from "./select-ref.ts";
import type { CheckoutOptions } from "./session.ts";

test("a branch is read, without a work tree, with its executables; links and what is ignored are left out", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", {
    "a.yaml": "a: 1\n",
    "apps/run.sh": { executable: "#!/bin/sh\n" },
    "apps/.sourceignore": "*.md\n",
    "apps/README.md": "no",
    link: { symlink: "/etc/passwd" },
    ".gitignore": "x",
  });
  const read = await world.read(repo.url, { branch: "main" });
  expect(read).toMatchObject({ revision: `main@sha1:${repo.require("main")}`, message: "commit 1\n" });
  expect(read.paths).toEqual(["a.yaml", "apps/.sourceignore", "apps/run.sh"]);
  expect(read.executables).toEqual(["apps/run.sh"]);
});

test("nothing in a repository runs or is replaced: filters, substitutions, hooks, and ignore files that are links (B8)", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", {
    ".gitattributes": "*.txt filter=evil export-subst ident eol=crlf\n",
    "a.txt": "$Id$ $Format:%H$\n",
    ".sourceignore": { symlink: "/etc/passwd" },
    "hooks/post-checkout": { executable: "#!/bin/sh\nexit 1\n" },
  });
  const read = await world.read(repo.url, { branch: "main" });
  expect(read.paths).toEqual(["a.txt", "hooks/post-checkout"]);
  expect(read.text("a.txt")).toBe("$Id$ $Format:%H$\n");
});

test("a commit whose object is damaged on the server fails, and is read once it is whole", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  const blob = repo.git("rev-parse", "main:a").trim();
  const path = join(repo.folder, "objects", blob.slice(0, 2), blob.slice(2));
  const whole = await readFile(path);
  await chmod(path, 0o600);
  await writeFile(path, whole.subarray(0, 5));
  await expect(world.checkout(repo.url, { branch: "main" })).rejects.toMatchObject({ code: "GIT_FAILED" });
  await writeFile(path, whole);
  expect((await world.read(repo.url, { branch: "main" })).paths).toEqual(["a"]);
});

test("polling an unchanged branch asks for its references and nothing else; a change is one fetch", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  const first = await world.read(repo.url, { branch: "main" });
  const before = world.server.requests.length;
  expect(await world.checkout(repo.url, { branch: "main" }, { observedRevision: first.revision })).toEqual({
    kind: "unchanged",
    revision: first.revision,
  });
  expect(world.server.requests.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /app.git/git-upload-pack"]);
  const commit = repo.commit({ b: "2" });
  const second = await world.read(repo.url, { branch: "main" }, { observedRevision: first.revision });
  expect(second.revision).toBe(`main@sha1:${commit}`);
  expect(second.paths).toEqual(["a", "b"]);
});

test("a server that was known and no longer answers is asked from the beginning, and told in known words", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  const { revision: observedRevision } = await world.read(repo.url, { branch: "main" });
  world.server.fault("app", { status: 502 });
  const text = `unable to list remote for '${repo.url}': unexpected client error: unexpected requesting "${repo.url}/info/refs?service=git-upload-pack" status code: 502: fault`;
  await expect(world.checkout(repo.url, { branch: "main" }, { observedRevision })).rejects.toThrow(text);
  world.server.fault("app", undefined);
  expect(await world.checkout(repo.url, { branch: "main" }, { observedRevision })).toMatchObject({ kind: "unchanged" });
});

test("of the fields of a ref the first counts: commit, name, tag, semver, branch (G-REF-1)", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  const first = repo.require("main");
  repo.tag("v1.0.0");
  const second = repo.commit({ a: "2" });
  repo.tag("v1.1.0", { message: "annotated" });
  repo.ref("refs/pull/7/head", second);
  const third = repo.commit({ a: "3" });
  repo.branch("dev", third);
  const all: GitRef = { commit: first, name: "refs/pull/7/head", tag: "v1.0.0", semver: ">=1.0.0", branch: "dev" };
  const { commit: _, ...named } = all;
  const { name: __, ...tagged } = named;
  const { tag: ___, ...ranged } = tagged;
  expect((await world.read(repo.url, { ...all, branch: "dev" })).revision).toBe(`dev@sha1:${first}`);
  expect((await world.read(repo.url, { commit: first })).revision).toBe(`sha1:${first}`);
  expect((await world.read(repo.url, named)).absoluteRevision).toBe(`refs/pull/7/head@sha1:${second}`);
  expect((await world.read(repo.url, tagged)).revision).toBe(`v1.0.0@sha1:${first}`);
  expect((await world.read(repo.url, ranged)).revision).toBe(`v1.1.0@sha1:${second}`);
  expect((await world.read(repo.url, { branch: "dev" })).revision).toBe(`dev@sha1:${third}`);
});

test("of tags with equal versions the newest commit counts, and pre-releases only when asked for (G-REF-3)", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  for (const [index, name] of ["v0.1.0+build-1", "v0.1.0+build-3", "v0.1.0+build-2", "v0.2.0-rc.1", "0.2", "latest"].entries()) {
    repo.commit({ a: `${index}` }, { date: name.endsWith("build-3") ? 1_900_000_000 : 1_800_000_000 + index });
    repo.tag(name);
  }
  expect((await world.read(repo.url, { semver: "<0.2.0" })).reference).toBe("refs/tags/v0.1.0+build-3");
  expect((await world.read(repo.url, { semver: ">=0.1.0-0" })).reference).toBe("refs/tags/v0.2.0-rc.1");
});

test.each([
  [{ branch: "nope" }, /^unable to clone '.*': couldn't find remote ref "refs\/heads\/nope"$/],
  [{ tag: "nope" }, /^unable to clone '.*': couldn't find remote ref "refs\/tags\/nope"$/],
  [{ branch: "a..b" }, /couldn't find remote ref "refs\/heads\/a..b"$/],
  [{ branch: "main:refs/heads/x" }, /couldn't find remote ref/],
  [{ branch: "-u" }, /couldn't find remote ref/],
  [{ branch: "a\nb" }, /couldn't find remote ref/],
  [{ name: "refs/heads/none" }, /^unable to resolve ref 'refs\/heads\/none' to a specific commit$/],
  [{ name: "--upload-pack=touch" }, /^unable to resolve ref/],
  [{ semver: "not a range" }, /^semver parse error: improper constraint: "not a range"$/],
  [{ semver: ">=9.0.0" }, /^no match found for semver: >=9.0.0$/],
  [
    { commit: "0123456789abcdef0123456789abcdef01234567" },
    /^unable to resolve commit object for '0123456789abcdef0123456789abcdef01234567': object not found$/,
  ],
  [{ commit: "--help" }, /object not found$/],
] as const)("the reference %j fails with its recorded text", async (ref, text) => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  repo.tag("v1.0.0");
  await expect(world.checkout(repo.url, ref)).rejects.toThrow(text);
});

test("an empty repository is told from a missing branch, and a missing repository from both", async () => {
  await using world = await createWorld();
  const empty = world.server.repository("empty");
  expect(await world.checkout(empty.url, { branch: "main" })).toEqual({ kind: "empty" });
  await expect(world.checkout(`${world.server.url}/nope.git`, { branch: "main" })).rejects.toThrow(
    `unable to clone '${world.server.url}/nope.git': repository not found: Not Found`,
  );
});

test("a commit is found in the history of its branch only", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  const old = repo.require("main");
  repo.commit({ a: "2" });
  const other = repo.commit({ o: "1" }, { branch: "other", orphan: true });
  expect((await world.read(repo.url, { commit: old, branch: "main" })).paths).toEqual(["a"]);
  expect((await world.read(repo.url, { commit: other })).paths).toEqual(["o"]);
  await expect(world.checkout(repo.url, { commit: other, branch: "main" })).rejects.toThrow("object not found");
  repo.commit({ b: "1" }, { orphan: true });
  await expect(world.checkout(repo.url, { commit: old, branch: "main" })).rejects.toThrow("object not found");
});

test("wrong and missing credentials fail as recorded; the right ones do not", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  world.server.protect("app", { username: "flux", password: "p w:ö" });
  const failure = `unable to clone '${repo.url}': authentication required: Unauthorized`;
  await expect(world.checkout(repo.url, { branch: "main" })).rejects.toThrow(failure);
  await expect(world.checkout(repo.url, { branch: "main" }, {}, { username: "flux", password: "wrong" })).rejects.toThrow(failure);
  expect((await world.read(repo.url, { branch: "main" }, {}, { username: "flux", password: "p w:ö" })).paths).toEqual(["a"]);
  world.server.protect("app", { bearer: "token" });
  expect(
    (await world.read(repo.url, { branch: "main" }, {}, { bearerToken: "token", username: "ignored", password: "ignored" })).paths,
  ).toEqual(["a"]);
});

test("sparse reads only what begins with one of the paths", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { "apps/a/x": "1", "apps/b/x": "1", "infra/x": "1", root: "1" });
  const read = await world.read(repo.url, { branch: "main" }, { sparse: ["apps/b", "infra"] });
  expect(read.paths).toEqual(["apps/b/x", "infra/x"]);
  expect(read.folders).toEqual(["apps", "apps/b", "infra"]);
});

test("submodules are read when asked for, each with its .git file; otherwise they are empty folders (G-SUB-M)", async () => {
  await using world = await createWorld();
  const sub = world.server.repository("group/sub", { s: "1" });
  const old = sub.require("main");
  sub.commit({ s: "2" });
  const repo = world.server.repository("group/app", {
    a: "1",
    ".gitmodules": '[submodule "sub"]\n\tpath = vendor/sub\n\turl = ../sub.git\n',
    "vendor/sub": { submodule: old },
  });
  expect((await world.read(repo.url, { branch: "main" })).folders).toEqual(["vendor", "vendor/sub"]);
  const read = await world.read(repo.url, { branch: "main" }, { recurseSubmodules: true });
  expect(read.paths).toEqual(["a", "vendor/sub/.git", "vendor/sub/s"]);
  expect(read.text("vendor/sub/s")).toBe("1");
  expect(read.text("vendor/sub/.git")).toBe("gitdir: ../../.git/modules/vendor/sub\n");
});

test.each(["file:///etc", "/etc", "ext::sh -c touch% /tmp/x", "-u", "https://", "../../../x"])(
  "the submodule URL %j is not followed",
  async (url) => {
    await using world = await createWorld();
    const repo = world.server.repository("app", {
      ".gitmodules": `[submodule "s"]\n\tpath = s\n\turl = ${url}\n`,
      s: { submodule: "1".repeat(40) },
    });
    await expect(world.checkout(repo.url, { branch: "main" }, { recurseSubmodules: true })).rejects.toThrow(/cannot fetch submodule 's'/);
  },
);

test("a submodule on another server is asked for without the parent's credentials", async () => {
  await using world = await createWorld();
  await using other = await createGitServer();
  const sub = other.repository("sub", { s: "1" });
  const repo = world.server.repository("app", {
    ".gitmodules": `[submodule "s"]\n\tpath = s\n\turl = ${sub.url}\n`,
    s: { submodule: sub.require("main") },
  });
  world.server.protect("app", { username: "u", password: "p" });
  const read = await world.read(repo.url, { branch: "main" }, { recurseSubmodules: true }, { username: "u", password: "p" });
  expect(read.text("s/s")).toBe("1");
  expect(other.requests.map(({ authorization }) => authorization).filter((value) => value !== undefined)).toEqual([]);
});

test.each(["..", ".git", ".GIT", "."])("a tree that holds the name %j is refused", async (name) => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  const blob = repo.object("blob", Buffer.from("x"));
  const tree = repo.object("tree", Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, "hex")]));
  const commit = repo.object("commit", Buffer.from(`tree ${tree}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nx\n`));
  repo.ref("refs/heads/evil", commit);
  await expect(world.checkout(repo.url, { branch: "evil" })).rejects.toThrow(/invalid path/);
});

test("a commit with two authors is refused: who reads the first and who reads the last must not differ", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  const tree = repo.git("rev-parse", "main^{tree}").trim();
  const commit = repo.object(
    "commit",
    Buffer.from(`tree ${tree}\nauthor a <a> 1 +0000\nauthor b <b> 1 +0000\ncommitter a <a> 1 +0000\n\nx\n`),
  );
  repo.ref("refs/heads/evil", commit);
  await expect(world.checkout(repo.url, { branch: "evil" })).rejects.toThrow(/2 "author" headers/);
});

test("a tree that holds itself a million times over is bounded", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  let entry: { mode: string; id: string } = { mode: "100644", id: repo.object("blob", Buffer.from("x")) };
  for (let level = 0; level < 10; level++) {
    const rows = Array.from({ length: 10 }, (_, index) =>
      Buffer.concat([Buffer.from(`${entry.mode} d${index}\0`), Buffer.from(entry.id, "hex")]),
    );
    entry = { mode: "40000", id: repo.object("tree", Buffer.concat(rows)) };
  }
  repo.ref("refs/heads/bomb", repo.object("commit", Buffer.from(`tree ${entry.id}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nx\n`)));
  await expect(world.checkout(repo.url, { branch: "bomb" })).rejects.toMatchObject({ code: "TOO_LARGE" });
});

test.each(["file:///etc/passwd", "ext::sh -c id", "git://127.0.0.1/x", "ssh://-oProxyCommand=id/x", "http://a\nb/x", "--upload-pack=id"])(
  "the URL %j reaches no process",
  async (url) => {
    await using world = await createWorld();
    await expect(
      world.git.checkout({ url, auth: { transport: "http" } }, { branch: "main" }, { signal: AbortSignal.timeout(5000) }),
    ).rejects.toMatchObject({ code: "INVALID_URL" });
  },
);

test("when the time is up the work ends at once, and no credential stays behind", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  world.server.fault("app", { hang: true });
  const controller = new AbortController();
  const started = world.checkout(repo.url, { branch: "main" }, { signal: controller.signal });
  const ended = expect(started).rejects.toThrow("time is up");
  controller.abort(new Error("time is up"));
  await ended;
  expect((await readdir(world.folder, { recursive: true })).filter((path) => path.includes("remote-"))).toEqual([]);
});

test("when the time is up during a fetch, git and its helpers are gone", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  world.server.fault("app", { hang: true, after: 2 });
  const controller = new AbortController();
  const ended = expect(world.checkout(repo.url, { branch: "main" }, { signal: controller.signal })).rejects.toThrow("time is up");
  while (world.server.requests.length < 3) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error("time is up"));
  await ended;
  expect(
    execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(world.folder) && line.includes("fetch")),
  ).toEqual([]);
  expect((await readdir(world.folder, { recursive: true })).filter((path) => path.includes("remote-"))).toEqual([]);
});

test("what one tenant's credential has fetched is not given to another (E25)", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  world.server.protect("app", { username: "a", password: "a" });
  const { revision } = await world.read(repo.url, { branch: "main" }, {}, { username: "a", password: "a" });
  await expect(world.checkout(repo.url, { branch: "main" }, {}, { username: "b", password: "b" })).rejects.toThrow(
    "authentication required",
  );
  await expect(world.checkout(repo.url, { branch: "main" }, { observedRevision: revision })).rejects.toThrow("authentication required");
  await expect(world.checkout(repo.url, { commit: repo.require("main") }, { observedRevision: revision })).rejects.toThrow(
    "authentication required",
  );
});

test("many who read one repository at once do not disturb each other", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  for (let index = 0; index < 4; index++) repo.commit({ [`f${index}`]: "x" }, { branch: `b${index}`, from: "main" });
  const reads = Array.from({ length: 12 }, (_, index) => world.read(repo.url, { branch: `b${index % 4}` }));
  expect((await Promise.all(reads)).map(({ paths }) => paths)).toEqual(Array.from({ length: 12 }, (_, index) => ["a", `f${index % 4}`]));
});

test("what a killed process left behind, credentials included, goes when the next begins", async () => {
  await using world = await createWorld();
  const abandoned = join(world.folder, "git-2147483646-abc");
  await mkdir(join(abandoned, "private"), { recursive: true });
  await writeFile(join(abandoned, "private", "identity"), "key");
  await using next = await createGitClient({ folder: world.folder, path: "" });
  expect(next).toBeDefined();
  const left = await readdir(world.folder);
  expect(left).not.toContain("git-2147483646-abc");
  expect(left).toHaveLength(2);
});

test("a mirror that was damaged is made anew", async () => {
  await using world = await createWorld();
  const repo = world.server.repository("app", { a: "1" });
  await world.read(repo.url, { branch: "main" });
  for (const path of await readdir(world.folder, { recursive: true }))
    if (path.endsWith(".pack") || path.endsWith("/config")) await rm(join(world.folder, path), { force: true });
  repo.commit({ b: "1" });
  expect((await world.read(repo.url, { branch: "main" })).paths).toEqual(["a", "b"]);
});

interface Read {
  readonly revision: string;
  readonly absoluteRevision: string;
  readonly reference: string;
  readonly message: string;
  readonly paths: string[];
  readonly folders: string[];
  readonly executables: string[];
  text(path: string): string;
}

interface World extends AsyncDisposable {
  readonly server: GitServer;
  readonly git: GitClient;
  readonly folder: string;
  checkout(
    url: string,
    ref: GitRef,
    options?: Partial<CheckoutOptions>,
    secret?: Record<string, string>,
  ): ReturnType<GitClient["checkout"]>;
  read(url: string, ref: GitRef, options?: Partial<CheckoutOptions>, secret?: Record<string, string>): Promise<Read>;
}

async function createWorld(): Promise<World> {
  const server = await createGitServer();
  const folder = await mkdtemp(join(tmpdir(), "git-client-test-"));
  const git = await createGitClient({ folder, path: process.env["PATH"] ?? "" });
  const checkout: World["checkout"] = (url, ref, options = {}, secret = {}) =>
    git.checkout({ url, auth: authOptionsFor(url, new Map(Object.entries(secret))) }, ref, {
      signal: AbortSignal.timeout(15_000),
      ...options,
    });
  return {
    server,
    git,
    folder,
    checkout,
    async read(url, ref, options, secret) {
      const result = await checkout(url, ref, options, secret);
      if (result.kind !== "checkout") throw new Error(`expected a checkout, got ${result.kind}`);
      await using found = result.checkout;
      const files = await found.ignoreFiles();

      const tree = await found.load(ignoresOf(files, undefined), 1024 * 1024);
      return {
        revision: found.revision,
        absoluteRevision: found.absoluteRevision,
        reference: found.reference,
        message: found.commit.message,
        paths: [...tree.files.keys()],
        folders: [...tree.folders].sort(),
        executables: [...tree.executables],
        text: (path) => Buffer.from(tree.files.get(path) ?? []).toString(),
      };
    },
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
