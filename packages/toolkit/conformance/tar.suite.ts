// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Suite } from "@flux-ts/testbed";
import { gzip, readFolder, readTar, tar, unpackTree, writeFolder } from "../src/artifact/index.ts";
import { entriesOf } from "../src/artifact/file-tree.ts";
import type { FileTree, ReadFolderOptions, UnpackOptions } from "../src/artifact/index.ts";
import type { Call, Case, Run } from "@flux-ts/testbed/call-cases";
import { caseSuite } from "@flux-ts/testbed/call-cases";
import { knownFailures } from "./tar.known-failures.ts";
import { bufferOf, bytesOf, FileHandle, TarWriter } from "./tar-buffers.ts";

type Option = UnpackOptions & { readonly skipGzip?: boolean };

const optionsOf = (args: readonly unknown[]): Option => Object.assign({}, ...args) as Option;

/** A path of the case; a relative one stays below its working directory. */
const inFolder = (path: string, { folder }: Run): string => (isAbsolute(path) ? path : join(folder, join("/", path)));

/** The corpus has filters without their bodies: what is to be left out is named by the case's own files. */
const filterOf = ({ steps = [] }: Case): ((path: string) => boolean) => {
  const skipped = JSON.stringify(steps).match(/skip\/?[\w.]*/g) ?? [];
  return (path) => skipped.some((name) => path === name || path.startsWith(name.endsWith("/") ? name : `${name}/`));
};

const writeTar: Call = async ([folder, target, ...rest]) => {
  const options = optionsOf(rest);
  const tree: FileTree = await readFolder(String(folder), { ignores: (path, isFolder) => options.filter?.(path, isFolder) === true });
  const stream = options.skipGzip === true ? tar(entriesOf(tree)) : gzip(tar(entriesOf(tree)));
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  if (typeof target !== "string") bufferOf(target).current = Buffer.concat(chunks);
};

async function resolveLinks(from: string, to: string, links: NonNullable<ReadFolderOptions["links"]>): Promise<void> {
  const tree = await readFolder(from, { links });
  if (!statSync(to).isDirectory()) throw new Error(`dstDir ${to} is not a directory`);
  await writeFolder(tree, to);
}

/** How Flux packs and unpacks. */
export const suite: Suite = caseSuite({
  name: "tar",
  files: ["pkg/tar/tar.jsonl", "pkg/tar/untar.jsonl", "pkg/tar/symlinks.jsonl"],
  knownFailures,
  calls: {
    "os.Open": ([path]) => new FileHandle(String(path)),
    "compress/gzip.NewWriter": ([target]) => ({ target: bufferOf(target) }),
    "archive/tar.NewWriter": ([writer]) => new TarWriter((writer as { target: FileHandle }).target),
    WriteHeader: ([header], on) => (on as TarWriter).header((header as { current: Parameters<TarWriter["header"]>[0] }).current),
    Write: ([content], on) => (on as TarWriter).write(Buffer.from(typeof content === "string" ? content : "")),
    Close: (_, on) => (on instanceof TarWriter ? on.close() : undefined),
    "pkg/tar.WithMaxUntarSize": ([bytes]) => (Number(bytes) < 0 ? {} : { maxBytes: Number(bytes) }),
    "pkg/tar.WithFilter": (_args, _on, { testCase }) => ({ filter: filterOf(testCase) }),
    "pkg/tar.WithSkipGzip": () => ({ skipGzip: true }),
    "pkg/tar.WithSkipSymlinks": () => ({ symlinks: "skip" }),
    "pkg/tar.Tar": writeTar,
    "pkg/tar.ResolveSymlinks": ([from, to], _, run) => resolveLinks(inFolder(String(from), run), inFolder(String(to), run), "follow"),
    "pkg/tar.ResolveSymlinksRoot": ([root, from, to], _, run) =>
      resolveLinks(inFolder(String(from), run), inFolder(String(to), run), { within: inFolder(String(root), run) }),
    "pkg/tar.Untar": async ([source, folder, ...rest], _, run) => {
      const { skipGzip, ...options } = optionsOf(rest);
      const limits: UnpackOptions = { symlinks: "refuse", maxBytes: 100 * 1024 * 1024, ...options };
      const bytes = bytesOf(source);
      await writeFolder(skipGzip === true ? readTar(bytes, limits) : await unpackTree(bytes, limits), inFolder(String(folder), run));
    },
  },
});
