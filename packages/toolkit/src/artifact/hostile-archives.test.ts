// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { packTree } from "./archive.ts";
import { treeOf } from "./file-tree.ts";
import { readFolder, writeFolder } from "./folder-tree.ts";
import { readTar, unpackTree } from "./untar.ts";

type Member = Parameters<ReturnType<typeof pack>["entry"]>[0];

test.each(["../x", "a/../../x", "/etc/passwd", "a\\..\\x", "..", "a/..", "", "C:x", "c:/x", "./C:/x", "C:\\x", "a".repeat(5000)])(
  "a member named %j is refused (A1)",
  async (name) => {
    await expect(unpackTree(await archive([{ name }, "x"]))).rejects.toMatchObject({ code: "INVALID_ARCHIVE" });
  },
);

test("a member named by dots alone is the root, which is there already; three dots are a name like others (A1)", async () => {
  const root: Member = { name: "./", type: "directory" };
  const tree = await unpackTree(
    await archive([root, ""], [{ ...root, name: "././" }, ""], [{ ...root, name: "." }, ""], [{ name: "./..." }, "1"]),
  );
  expect([...tree.files.keys(), ...tree.folders]).toEqual(["..."]);
  await expect(unpackTree(await archive([{ name: "." }, "content of the root"]))).rejects.toMatchObject({ code: "INVALID_ARCHIVE" });
});

test("folders named as git, source-controller and kustomize name their own files are folders (A3)", async () => {
  const names = [".git", ".sourceignore", "kustomization.yaml"];
  const tree = await unpackTree(await archive(...names.map((name): [Member, string] => [{ name: `${name}/x` }, "1"])));
  expect([...tree.folders].sort()).toEqual(names);
  await using folder = await scratch();
  await writeFolder(tree, folder.path);
  // What ignores have to say they say in files: this folder is one more folder.
  expect([...(await readFolder(folder.path)).files.keys()].sort()).toEqual(names.map((name) => `${name}/x`));
});

test("a name with NUL in a PAX header is refused", () => {
  const record = (text: string): string => `${text.length + 3} ${text}`;
  const path = record("path=a\0/../../x\n");
  const header = (name: string, type: string, size: number): Buffer => ustar(name, type, size);
  const bytes = Buffer.concat([header("pax", "x", path.length), padded(Buffer.from(path)), header("a", "0", 0), Buffer.alloc(1024)]);
  expect(() => readTar(bytes)).toThrow(/invalid name/);
});

test("symlinks are left out or refused, never made; hard links, devices and fifos are refused (A2, A3)", async () => {
  const link: [Member, string] = [{ name: "link", type: "symlink", linkname: "/etc/passwd" }, ""];
  const tree = await unpackTree(await archive(link, [{ name: "a" }, "1"]));
  expect([...tree.files.keys()]).toEqual(["a"]);
  await expect(unpackTree(await archive(link), { symlinks: "refuse" })).rejects.toThrow(/is a symlink/);
  for (const type of ["link", "character-device", "block-device", "fifo"] as const) {
    await expect(unpackTree(await archive([{ name: "x", type, linkname: "/etc/passwd" }, ""])), type).rejects.toThrow(
      /unsupported file type/,
    );
  }
});

test("a file that is also a folder is refused, in either order (A2)", async () => {
  await expect(unpackTree(await archive([{ name: "a" }, "1"], [{ name: "a/b" }, "1"]))).rejects.toThrow(/both as a file and as a folder/);
  await expect(unpackTree(await archive([{ name: "a/b" }, "1"], [{ name: "a" }, "1"]))).rejects.toThrow(/both as a file and as a folder/);
});

test("names that differ in case or Unicode form are different names; the same name twice: the last counts (A1)", async () => {
  const tree = await unpackTree(
    await archive([{ name: "A" }, "1"], [{ name: "a" }, "2"], [{ name: "é" }, "3"], [{ name: "e\u0301" }, "4"], [{ name: "a" }, "5"]),
  );
  expect([...tree.files].map(([name, content]) => [name, Buffer.from(content).toString()])).toEqual([
    ["A", "1"],
    ["a", "5"],
    ["e\u0301", "4"],
    ["é", "3"],
  ]);
});

test("names of object prototypes are names", async () => {
  const tree = await unpackTree(await archive([{ name: "__proto__" }, "1"], [{ name: "constructor/prototype" }, "2"]));
  expect([...tree.files.keys()]).toEqual(["__proto__", "constructor/prototype"]);
  expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
});

test("modes of others are not taken over: nothing is setuid or writable by all (A3)", async () => {
  await using folder = await scratch();
  await writeFolder(await unpackTree(await archive([{ name: "x", mode: 0o6777 }, "1"])), folder.path);
  expect((await stat(join(folder.path, "x"))).mode & 0o7777).toBe(0o700);
});

test("a gzip bomb stops at the limit, before memory grows (A4)", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const before = process.memoryUsage().rss;
  await expect(unpackTree(bomb, { maxBytes: 1024 * 1024 })).rejects.toMatchObject({ code: "TOO_LARGE" });
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test("a member that says it has seven gigabytes, a million of them, and a sparse one are refused (A4)", async () => {
  expect(() => readTar(Buffer.concat([ustar("x", "0", 7 * 1024 ** 3), Buffer.alloc(1024)]))).toThrow(/unexpected EOF/);
  const empty = ustar("x", "0", 0);
  const many = Buffer.concat(Array.from({ length: 2000 }, () => empty));
  expect(() => readTar(many, { maxEntries: 1000 })).toThrow(/more than 1000 entries/);
  expect(() => readTar(Buffer.concat([ustar("x", "S", 0), Buffer.alloc(1024)]))).toThrow(/unsupported file type/);
});

test("an archive that is cut off, has a wrong checksum or is no gzip is refused", async () => {
  const good = await packTree(treeOf([{ path: "a", content: Buffer.alloc(2000, 1) }]));
  await expect(unpackTree(good.subarray(0, good.length - 20))).rejects.toMatchObject({ code: "INVALID_ARCHIVE" });
  await expect(unpackTree(Buffer.from("not gzip"))).rejects.toThrow(/requires gzip-compressed body/);
  await expect(unpackTree(deflateRawSync(Buffer.from("x")))).rejects.toMatchObject({ code: "INVALID_ARCHIVE" });
  const broken = ustar("x", "0", 0);
  broken[0] = 0x79;
  expect(() => readTar(Buffer.concat([broken, Buffer.alloc(1024)]))).toThrow("tar error: invalid tar header");
});

test("writeFolder() does not write through a link, to a file or a folder (A2)", async () => {
  await using folder = await scratch();
  await using outside = await scratch();
  await symlink(outside.path, join(folder.path, "linked"));
  await writeFile(join(outside.path, "target"), "old");
  await symlink(join(outside.path, "target"), join(folder.path, "file"));
  const bytes = Buffer.from("new");
  await expect(writeFolder(treeOf([{ path: "linked/x", content: bytes }]), folder.path)).rejects.toThrow(/must be a directory/);
  await expect(writeFolder(treeOf([{ path: "file", content: bytes }]), folder.path)).rejects.toThrow(/ELOOP/);
  expect(await readdir(outside.path)).toEqual(["target"]);
  expect(await readFile(join(outside.path, "target"), "utf8")).toBe("old");
});

test("readFolder() leaves links out, follows none that lead out of a root, and ends at a loop (A2)", async () => {
  await using folder = await scratch();
  await writeFile(join(folder.path, "a"), "1");
  await symlink("/etc/passwd", join(folder.path, "passwd"));
  await symlink(".", join(folder.path, "loop"));
  expect([...(await readFolder(folder.path)).files.keys()]).toEqual(["a"]);
  await expect(readFolder(folder.path, { links: { within: folder.path } })).rejects.toThrow("symlink passwd resolves outside rootDir");
  await rm(join(folder.path, "passwd"));
  expect([...(await readFolder(folder.path, { links: { within: folder.path } })).files.keys()]).toEqual(["a"]);
});

async function archive(...members: readonly (readonly [Member, string])[]): Promise<Buffer> {
  const stream = pack();
  for (const [member, content] of members) stream.entry(member, content);
  stream.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return gzipSync(Buffer.concat(chunks));
}

/** A header made by hand, of any type and size. */
function ustar(name: string, type: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write("0000600\0", 100);
  block.write(size.toString(8).padStart(11, "0"), 124);
  block.write(type, 156);
  block.write("ustar\u000000", 257);
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

async function scratch(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "archive-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
