// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDeflate, deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { ignoresOf } from "../ignore/source-ignore.ts";
import type { GitClientOptions } from "./client.ts";
import { createGitClient } from "./client.ts";
import { encodePacket, flushPacket } from "./packet-line.ts";
import type { GitRef } from "./select-ref.ts";

const first = commitOf("one");
const second = commitOf("two");
const third = commitOf("three");

test.each<readonly [what: string, pack: Buffer]>([
  ["is nothing", Buffer.alloc(0)],
  ["is not a pack", Buffer.from("PACK, or so they say")],
  ["is of another version", packOf(first.objects.map(entryOf), 9)],
  ["is cut off", packOf(first.objects.map(entryOf)).subarray(0, -30)],
  ["has a wrong checksum", Buffer.concat([packOf(first.objects.map(entryOf)).subarray(0, -20), Buffer.alloc(20)])],
  ["has fewer objects than it says", packOf(first.objects.map(entryOf), 2, 9)],
  ["has more objects than it says", packOf(first.objects.map(entryOf), 2, 1)],
  ["says that it has four billion objects", packOf(first.objects.map(entryOf), 2, 0xffff_ffff)],
  ["holds an object of no type", packOf([Buffer.concat([head(5, 3), deflateSync("abc")])])],
  ["holds an object that is longer than it says", packOf([Buffer.concat([head(3, 1), deflateSync("abc")])])],
  ["holds an object that is not compressed", packOf([Buffer.concat([head(3, 3), Buffer.from("abc")])])],
  ["builds on an object that is not there", packOf([deltaOf("1".repeat(40), Buffer.from([1, 1, 1, 65]))])],
  ["holds a difference that reads outside of its base", packOf([...first.objects.map(entryOf), outside(first.objects[0].id)])],
  ["leaves out the commit", packOf(first.objects.slice(0, 2).map(entryOf))],
  ["leaves out the tree", packOf(first.objects.filter(({ type }) => type !== 2).map(entryOf))],
  ["holds another commit", packOf(second.objects.map(entryOf))],
])("a pack that %s fails the fetch, leaves nothing, and does not stand in the way of the next (B9)", async (_, pack) => {
  let current = pack;
  await using world = await createWorld({
    refs: () => ({ "refs/heads/main": first.id }),
    pack: (response) => void response.end(framed(current)),
  });
  await expect(world.read({ branch: "main" })).rejects.toMatchObject({ name: "GitError" });
  expect(await world.left()).toEqual([]);
  current = packOf(first.objects.map(entryOf));
  expect(await world.read({ branch: "main" })).toEqual({ revision: `main@sha1:${first.id}`, paths: ["one"] });
});

test("a few bytes that unpack to a gigabyte are refused before there is memory for it (B9)", async () => {
  const base = objectOf(3, Buffer.alloc(0xff_ffff));
  const copies = Buffer.concat(Array.from({ length: 64 }, () => Buffer.from([0xf0, 0xff, 0xff, 0xff])));
  const sizes = Buffer.concat([varint(base.content.length), varint(64 * 0xff_ffff)]);
  const bomb = packOf([...first.objects.map(entryOf), entryOf(base), deltaOf(base.id, Buffer.concat([sizes, copies]))]);
  expect(bomb.length).toBeLessThan(20_000);
  await using world = await createWorld({
    refs: () => ({ "refs/heads/main": first.id }),
    pack: (response) => void response.end(framed(bomb)),
  });
  await expect(world.read({ branch: "main" })).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: expect.stringContaining("more than git is given memory for") as string,
  });
  expect(await world.left()).toEqual([]);
});

test("a pack without end stops at the limit of what one fetch may write (B9)", async () => {
  let sent = 0;
  const pack = (response: ServerResponse): void => {
    response.write(section("packfile\n"));
    const deflate = createDeflate({ level: 0 });
    deflate.on("data", (chunk: Buffer) => {
      sent += chunk.length;
      for (let at = 0; at < chunk.length; at += 60_000) response.write(sideband(chunk.subarray(at, at + 60_000)));
    });
    response.write(sideband(Buffer.concat([packHead(2, 1), head(3, 2 ** 40)])));
    const block = Buffer.alloc(256 * 1024, "endless ");
    const more = (): void => {
      if (!response.destroyed) deflate.write(block, () => (response.writableNeedDrain ? response.once("drain", more) : setImmediate(more)));
    };
    more();
  };
  await using world = await createWorld({ refs: () => ({ "refs/heads/main": first.id }), pack }, { maxFetchBytes: 4 * 1024 * 1024 });
  await expect(world.read({ branch: "main" })).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: `unable to clone '${world.url}': the server sends more than the 4194304 bytes that are taken`,
  });
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  expect(await world.left()).toEqual([]);
});

test("a branch that moves between being listed and being fetched gives the revision that was fetched (B11)", async () => {
  let asked = 0;
  // The second to ask is git, in its fetch.
  const refs = (): Record<string, string> => ({ "refs/heads/main": ++asked < 2 ? first.id : second.id });
  await using world = await createWorld({ refs, pack: (response) => void response.end(framed(packOf(second.objects.map(entryOf)))) });
  expect(await world.read({ branch: "main" })).toEqual({ revision: `main@sha1:${second.id}`, paths: ["two"] });
});

test("a tag that moves between being listed and being fetched gives the revision that was fetched (B11)", async () => {
  let asked = 0;
  const refs = (): Record<string, string> => ({ "refs/tags/v1": ++asked < 2 ? first.id : second.id });
  await using world = await createWorld({ refs, pack: (response) => void response.end(framed(packOf(second.objects.map(entryOf)))) });
  expect(await world.read({ tag: "v1" })).toEqual({ revision: `v1@sha1:${second.id}`, paths: ["two"] });
});

test("of tags with equal versions one that moves meanwhile counts as what it is now (B11, G-REF-3)", async () => {
  let asked = 0;
  const refs = (): Record<string, string> => ({ "refs/tags/1.0.0+a": ++asked < 2 ? first.id : second.id, "refs/tags/1.0.0+b": third.id });
  const pack = (response: ServerResponse, request: string): void => {
    const wanted = [first, second, third].find(({ id }) => request.includes(`want ${id}`)) ?? first;
    response.end(framed(packOf(wanted.objects.map(entryOf))));
  };
  await using world = await createWorld({ refs, pack });
  const { revision } = await world.read({ semver: ">=1.0.0" });
  expect([`1.0.0+a@sha1:${second.id}`, `1.0.0+b@sha1:${third.id}`]).toContain(revision);
});

test("a branch that never stands still is told, and not asked for without end (B11)", async () => {
  let asked = 0;
  const commits = Array.from({ length: 40 }, (_, index) => commitOf(`file-${index}`));
  const refs = (): Record<string, string> => ({ "refs/heads/main": (commits[asked++] ?? first).id });
  const pack = (response: ServerResponse, request: string): void => {
    const wanted = commits.find(({ id }) => request.includes(`want ${id}`)) ?? first;
    response.end(framed(packOf(wanted.objects.map(entryOf))));
  };
  await using world = await createWorld({ refs, pack });
  await expect(world.read({ branch: "main" })).rejects.toThrow(/refs\/heads\/main moved while it was fetched$/);
  expect(asked).toBeLessThan(12);
});

interface PackObject {
  /** 1 commit, 2 tree, 3 blob. */
  readonly type: 1 | 2 | 3;
  readonly content: Buffer;
  readonly id: string;
}

function objectOf(type: PackObject["type"], content: Buffer): PackObject {
  const name = { 1: "commit", 2: "tree", 3: "blob" }[type];
  return { type, content, id: createHash("sha1").update(`${name} ${content.length}\0`).update(content).digest("hex") };
}

/** A commit of one file, whose name is its content. */
function commitOf(file: string): { readonly id: string; readonly objects: readonly [PackObject, PackObject, PackObject] } {
  const blob = objectOf(3, Buffer.from(file));
  const tree = objectOf(2, Buffer.concat([Buffer.from(`100644 ${file}\0`), Buffer.from(blob.id, "hex")]));
  const commit = objectOf(1, Buffer.from(`tree ${tree.id}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\n${file}\n`));
  return { id: commit.id, objects: [blob, tree, commit] };
}

function entryOf({ type, content }: PackObject): Buffer {
  return Buffer.concat([head(type, content.length), deflateSync(content)]);
}

/** A difference to an object that is named by its id. */
function deltaOf(base: string, delta: Buffer): Buffer {
  return Buffer.concat([head(7, delta.length), Buffer.from(base, "hex"), deflateSync(delta)]);
}

function outside(base: string): Buffer {
  return deltaOf(base, Buffer.concat([varint(3), varint(100), Buffer.from([0x91, 50, 100])]));
}

/** The type and size that an object begins with. */
function head(type: number, size: number): Buffer {
  const rest = Math.floor(size / 16);
  const byte = (type << 4) | (size % 16);
  return rest === 0 ? Buffer.from([byte]) : Buffer.concat([Buffer.from([byte | 0x80]), varint(rest)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function packHead(version: number, count: number): Buffer {
  const bytes = Buffer.from("PACK\0\0\0\0\0\0\0\0");
  bytes.writeUInt32BE(version, 4);
  bytes.writeUInt32BE(count, 8);
  return bytes;
}

function packOf(entries: readonly Buffer[], version = 2, count = entries.length): Buffer {
  const bytes = Buffer.concat([packHead(version, count), ...entries]);
  return Buffer.concat([bytes, createHash("sha1").update(bytes).digest()]);
}

const section = encodePacket;

function sideband(bytes: Buffer): Buffer {
  const length = (bytes.length + 5).toString(16).padStart(4, "0");
  return Buffer.concat([Buffer.from(`${length}\u0001`), bytes]);
}

function framed(pack: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < pack.length; at += 60_000) parts.push(sideband(pack.subarray(at, at + 60_000)));
  return Buffer.concat([section("packfile\n"), ...parts, flushPacket]);
}

interface Hostile {
  /** Asked by each who lists. */
  readonly refs: () => Readonly<Record<string, string>>;
  readonly pack: (response: ServerResponse, request: string) => void;
}

interface World extends AsyncDisposable {
  readonly url: string;
  read(ref: GitRef): Promise<{ readonly revision: string; readonly paths: readonly string[] }>;
  /** What was fetched and is still on disk. */
  left(): Promise<readonly string[]>;
}

/** A server that speaks version 2 of the protocol and sends what it likes. */
async function createWorld({ refs, pack }: Hostile, options: Partial<GitClientOptions> = {}): Promise<World> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) asked.push(chunk);
    const body = Buffer.concat(asked).toString("latin1");
    const kind = request.method === "GET" ? "advertisement" : "result";
    response.writeHead(200, { "content-type": `application/x-git-upload-pack-${kind}` });
    if (request.method === "GET") {
      const lines = ["version 2\n", "ls-refs=unborn\n", "fetch=shallow\n", "object-format=sha1\n"];
      response.end(Buffer.concat([...lines.map(encodePacket), flushPacket]));
    } else if (body.includes("command=ls-refs")) {
      const lines = Object.entries(refs()).map(([name, id]) => encodePacket(`${id} ${name}\n`));
      response.end(Buffer.concat([...lines, flushPacket]));
    } else pack(response, body);
  };
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address object; only a pipe has a string.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app.git`;
  const folder = await mkdtemp(join(tmpdir(), "git-hostile-test-"));
  const git = await createGitClient({ folder, path: process.env["PATH"] ?? "", ...options });
  return {
    url,
    async read(ref) {
      const result = await git.checkout({ url, auth: { transport: "http" } }, ref, { signal: AbortSignal.timeout(15_000) });
      if (result.kind !== "checkout") throw new Error(`expected a checkout, got ${result.kind}`);
      await using checkout = result.checkout;
      const tree = await checkout.load(ignoresOf([], undefined), 1024);
      return { revision: checkout.revision, paths: [...tree.files.keys()] };
    },
    left: async () => (await readdir(folder, { recursive: true })).filter((path) => path.includes("mirrors/")),
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
