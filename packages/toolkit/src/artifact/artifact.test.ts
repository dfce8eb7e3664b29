// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@flux-ts/kube-core";
import { expect, test } from "vitest";
import { createHttpClient } from "../http/http-client.ts";
import { packTree } from "./archive.ts";
import { ArtifactMemory } from "./artifact-memory.ts";
import { digestOf } from "./digest.ts";
import { createArtifacts } from "./fetch.ts";
import { treeOf } from "./file-tree.ts";
import { serveArtifacts } from "./serve.ts";
import { ArtifactStorage } from "./storage.ts";
import { unpackTree } from "./untar.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const long = `${"folder/".repeat(30)}file-ü.yaml`;
const tree = treeOf([
  { path: "a.txt", content: bytes("text") },
  { path: "a/b", content: bytes("b"), executable: true },
  { path: "a-b", content: bytes("") },
  { path: "empty" },
  { path: long, content: bytes("long") },
]);

test("packTree() makes the same bytes of the same content, whatever the order it was gathered in (G-TAR-3)", async () => {
  const other = treeOf([...tree.files].reverse().map(([path, content]) => ({ path, content, executable: tree.executables.has(path) })));
  const withFolders = { ...other, folders: new Set([...tree.folders].reverse()) };
  expect(digestOf(await packTree(withFolders))).toBe(digestOf(await packTree(tree)));
});

test("unpackTree() gives back what packTree() packed", async () => {
  const again = await unpackTree(await packTree(tree));
  expect([...again.files].map(([path, content]) => [path, Buffer.from(content).toString()])).toEqual(
    [...tree.files].map(([path, content]) => [path, Buffer.from(content).toString()]),
  );
  expect(again.executables).toEqual(tree.executables);
  expect(again.folders).toEqual(tree.folders);
});

test("an archive lists the root, folders before their content, with Flux's modes and no owner or time (G-TAR-1)", async () => {
  const listing = execFileSync("tar", ["-tzv", "--numeric-owner", "--full-time", "-f", "-"], {
    input: await packTree(tree),
    encoding: "utf8",
    env: { TZ: "UTC", PATH: process.env["PATH"] },
  });
  const lines = listing
    .trim()
    .split("\n")
    .filter((line) => !line.includes("folder"));
  expect(lines.map((line) => line.replace(/ +/g, " "))).toEqual([
    "drwxr-x--- 0/0 0 1970-01-01 00:00:00 .",
    "drwxr-x--- 0/0 0 1970-01-01 00:00:00 a",
    "-rwx------ 0/0 1 1970-01-01 00:00:00 a/b",
    "-rw------- 0/0 0 1970-01-01 00:00:00 a-b",
    "-rw------- 0/0 4 1970-01-01 00:00:00 a.txt",
    "drwxr-x--- 0/0 0 1970-01-01 00:00:00 empty",
  ]);
});

test("what a storage stores, its server serves and a consumer fetches, its digest verified", async () => {
  await using world = await createStorage();
  const stored = await world.storage.store({ kind: "GitRepository", namespace: "apps", name: "web" }, "abc.tar.gz", "main@sha1:abc", tree);
  expect(stored).toMatchObject({
    path: "gitrepository/apps/web/abc.tar.gz",
    url: `${world.url}/gitrepository/apps/web/abc.tar.gz`,
    revision: "main@sha1:abc",
    lastUpdateTime: "2026-01-01T00:00:00Z",
  });
  await world.storage.verify(stored);
  const artifacts = createArtifacts({ http: world.http, clock: world.clock, retries: 0 });
  expect((await artifacts.fetch(stored)).files.get("a.txt")).toEqual(bytes("text"));

  await writeFile(world.storage.fileOf(stored.path), "tampered");
  await expect(world.storage.verify(stored)).rejects.toMatchObject({
    code: "DIGEST_MISMATCH",
    message: `computed digest doesn't match '${stored.digest}'`,
  });
  await expect(artifacts.fetch(stored)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  await world.storage.removeAll({ kind: "GitRepository", namespace: "apps", name: "web" });
  await expect(artifacts.fetch(stored)).rejects.toMatchObject({ code: "NOT_FOUND", message: "file not found" });
});

test("a consumer in the same process takes the tree from memory", async () => {
  await using world = await createStorage();
  const stored = await world.storage.store({ kind: "GitRepository", namespace: "apps", name: "web" }, "abc.tar.gz", "r", tree);
  const artifacts = createArtifacts({ http: world.http, clock: world.clock, memory: world.memory });
  await world.close();
  expect(await artifacts.fetch(stored)).toBe(tree);
});

test("several who fetch one artifact at once share a download, and one who leaves does not end it", async () => {
  await using world = await createStorage();
  const stored = await world.storage.store({ kind: "GitRepository", namespace: "apps", name: "web" }, "abc.tar.gz", "r", tree);
  const artifacts = createArtifacts({ http: world.http, clock: world.clock });
  const leaving = new AbortController();
  const gone = artifacts.fetch(stored, leaving.signal);
  const staying = artifacts.fetch(stored);
  leaving.abort(new Error("left"));
  await expect(gone).rejects.toThrow("left");
  expect((await staying).files.size).toBe(tree.files.size);
  expect(world.requests).toHaveLength(1);
});

test("the server lists nothing, serves nothing outside its folder and no hidden file, and takes only GET and HEAD", async () => {
  await using world = await createStorage();
  const owner = { kind: "GitRepository", namespace: "apps", name: "web" };
  await world.storage.store(owner, "abc.tar.gz", "r", tree);
  await writeFile(join(world.folder, "..", `outside-${world.name}`), "secret");
  await symlink(join(world.folder, "..", `outside-${world.name}`), world.storage.fileOf("gitrepository/apps/web/leak.tar.gz"));
  await symlink("abc.tar.gz", world.storage.fileOf("gitrepository/apps/web/latest.tar.gz"));
  await writeFile(world.storage.fileOf("gitrepository/apps/web/.abc.tmp"), "half");
  const status = async (path: string, method: "GET" | "HEAD" | "POST" = "GET"): Promise<number> => {
    const response = await world.http.request({ url: world.url + path, method });
    for await (const _ of response.body);
    return response.status;
  };
  expect(await status("/")).toBe(200);
  expect(await status("/gitrepository/apps/web/latest.tar.gz")).toBe(200);
  expect(await status("/gitrepository/apps/web/abc.tar.gz", "HEAD")).toBe(200);
  expect(await status("/gitrepository/apps/web/abc.tar.gz", "POST")).toBe(405);
  const missing = [
    "/gitrepository",
    "/gitrepository/apps/web/",
    "/gitrepository/apps/web/leak.tar.gz",
    "/gitrepository/apps/web/.abc.tmp",
    "/%00",
  ];
  const outside = [
    `/..%2foutside-${world.name}`,
    `/%2e%2e/outside-${world.name}`,
    `/gitrepository/..%5c..%5coutside-${world.name}`,
    "/%E0%A4%A",
  ];
  for (const path of [...missing, ...outside]) expect(await status(path), path).toBe(404);
  await rm(join(world.folder, "..", `outside-${world.name}`));
});

test("collect() removes what is older than its time to live, then the oldest until two are left (spec 2.8)", async () => {
  await using world = await createStorage();
  const owner = { kind: "GitRepository", namespace: "apps", name: "web" };
  const ages: Record<string, number> = { "1.tar.gz": 300, "2.tar.gz": 50, "3.tar.gz": 40, "4.tar.gz": 30, "5.tar.gz": 0 };
  for (const [file, age] of Object.entries(ages)) {
    const { path } = await world.storage.store(owner, file, "r", tree);
    const time = world.clock.now() / 1000 - age;
    await utimes(world.storage.fileOf(path), time, time);
  }
  const current = { path: "gitrepository/apps/web/5.tar.gz" };
  expect((await world.storage.collect(current)).map((path) => path.split("/").at(-1))).toEqual(["1.tar.gz", "2.tar.gz", "3.tar.gz"]);
  expect(await world.storage.collect(current)).toEqual([]);
});

test.each(["../x", "gitrepository/../../x", "a/./b", "", "a\\b", "a\0b"])("a storage refuses the path %j", async (path) => {
  await using world = await createStorage();
  expect(() => world.storage.fileOf(path)).toThrow("invalid artifact path");
});

async function createStorage() {
  const folder = await mkdtemp(join(tmpdir(), "storage-test-"));
  const requests: string[] = [];
  const serve = serveArtifacts(folder);
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const clock: Clock = { now: () => Date.UTC(2026, 0, 1), after: () => () => undefined };
  const memory = new ArtifactMemory();
  const storage = await ArtifactStorage.open({ folder, hostname: `127.0.0.1:${port}`, clock, memory });
  const http = createHttpClient();
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    folder,
    storage,
    http,
    clock,
    memory,
    requests,
    close,
    url: `http://127.0.0.1:${port}`,
    name: folder.split("-").at(-1) ?? "",
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      if (server.listening) await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
