// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createGitServer } from "./git-server.ts";

const env = { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", HOME: "/nonexistent", GIT_TERMINAL_PROMPT: "0" };
const git = async (...args: string[]): Promise<string> => (await promisify(execFile)("git", args, { env })).stdout;

test("a real git client clones what was committed, with tags, branches and history", async () => {
  await using server = await createGitServer();
  const repo = server.repository("team/app", { "deploy/cm.yaml": "a: 1\n", "run.sh": { executable: "#!/bin/sh\n" } });
  const second = repo.commit({ "b.yaml": "b: 1\n", "deploy/cm.yaml": null }, { message: "second" });
  repo.tag("v1.0.0", { message: "release" });
  await using folder = await scratch();
  await git("clone", "-q", repo.url, folder.path);
  const id = (path: string): string => repo.git("rev-parse", `main:${path}`).trim();
  expect(await git("-C", folder.path, "ls-files", "-s")).toBe(`100644 ${id("b.yaml")} 0\tb.yaml\n100755 ${id("run.sh")} 0\trun.sh\n`);
  expect((await git("-C", folder.path, "rev-parse", "v1.0.0^{commit}")).trim()).toBe(second);
  expect((await git("-C", folder.path, "rev-list", "--count", "HEAD")).trim()).toBe("2");
  expect(await git("-C", folder.path, "fsck", "--strict")).toBe("");
});

test("a push needs a credential, and is seen by read()", async () => {
  await using server = await createGitServer({ pushCredential: { username: "u", password: "p" } });
  const repo = server.repository("app", { a: "1" });
  await using folder = await scratch();
  await git("clone", "-q", repo.url, folder.path);
  await writeFile(join(folder.path, "a"), "2");
  await git("-C", folder.path, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qam", "change");
  await expect(git("-C", folder.path, "push", "-q", "origin", "main")).rejects.toThrow();
  await git("-C", folder.path, "push", "-q", repo.url.replace("://", "://u:p@"), "main");
  expect(repo.read("a")).toBe("2");
});

test("a protected repository answers 401 to others, and files outside are not served", async () => {
  await using server = await createGitServer();
  const repo = server.repository("app", { a: "1" });
  server.protect("app", { bearer: "token" });
  expect((await fetch(`${repo.url}/info/refs?service=git-upload-pack`)).status).toBe(401);
  const authorization = "Bearer token";
  expect((await fetch(`${repo.url}/info/refs?service=git-upload-pack`, { headers: { authorization } })).status).toBe(200);
  expect((await fetch(`${repo.url}/config`, { headers: { authorization } })).status).toBe(404);
  expect((await fetch(`${repo.url}/objects/info/packs`, { headers: { authorization } })).status).toBe(404);
  expect(await readFile(join(repo.folder, "HEAD"), "utf8")).toBe("ref: refs/heads/main\n");
});

test("a server over a folder of before serves what lies there, and commits go on", async () => {
  await using folder = await scratch();
  const first = await createGitServer({ folder: folder.path });
  const id = first.repository("app", { a: "1" }).require("main");
  await first[Symbol.asyncDispose]();
  await using second = await createGitServer({ folder: folder.path });
  expect(await git("ls-remote", `${second.url}/app.git`, "refs/heads/main")).toBe(`${id}\trefs/heads/main\n`);
  const repo = second.repository("app", { ignored: "because there is a commit" });
  repo.commit({ b: "2" });
  expect(repo.paths()).toEqual(["a", "b"]);
});

async function scratch(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "git-server-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
