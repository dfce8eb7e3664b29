// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { parseDuration } from "@flux-ts/kube-core";
import type { Suite } from "@flux-ts/testbed";
import type { Hasher } from "../src/artifact/index.ts";
import { algorithmNamed, ArtifactStorage, artifactPath, createHasher, entriesOf, gzip, readFolder, tar } from "../src/artifact/index.ts";
import { garbageIn } from "../src/artifact/garbage.ts";
import { placeTree } from "../src/artifact/place-tree.ts";
import { tarMembers } from "../src/artifact/tar-members.ts";
import { ignoresOf } from "../src/ignore/index.ts";
import type { Case } from "@flux-ts/testbed/call-cases";
import { caseSuite } from "@flux-ts/testbed/call-cases";
import { Holder } from "@flux-ts/testbed/call-expressions";
import { knownFailures } from "./storage.known-failures.ts";

/** An artifact as the corpus writes it. */
interface CorpusArtifact {
  readonly path?: string;
  readonly digest?: string;
}

const held = (value: unknown): unknown => (value instanceof Holder ? value.current : value);
const artifactOf = (value: unknown): CorpusArtifact => held(value) as CorpusArtifact;
const pathOf = (value: unknown): string => artifactOf(value).path ?? "";
const clock = { now: () => Date.now(), after: () => () => undefined };

interface CorpusOptions {
  readonly storagePath: string;
  readonly storageAddress?: string;
  readonly artifactRetentionTTL?: string;
  readonly artifactRetentionRecords?: number;
}

const open = (options: CorpusOptions): Promise<ArtifactStorage> =>
  ArtifactStorage.open({
    folder: options.storagePath,
    hostname: (options.storageAddress ?? "").replace(/^:/, "localhost:"),
    clock,
    retentionTtlMs: parseDuration(options.artifactRetentionTTL ?? "0s"),
    retentionRecords: options.artifactRetentionRecords ?? 0,
  });

/** How Flux stores artifacts. */
export const suite: Suite = caseSuite({
  name: "storage",
  files: [
    "pkg/artifact/storage/archive.jsonl",
    "pkg/artifact/storage/filesystem.jsonl",
    "pkg/artifact/storage/gc.jsonl",
    "pkg/artifact/storage/path.jsonl",
    "pkg/artifact/storage/storage.jsonl",
    "pkg/artifact/digest/digest.jsonl",
    "pkg/artifact/digest/writer.jsonl",
  ],
  knownFailures,
  calls: {
    "pkg/artifact/storage.New": ([options]) => open(held(options) as CorpusOptions),
    "pkg/artifact/storage.ArtifactDir": ([kind, namespace, name]) =>
      artifactPath({ kind: String(kind), namespace: String(namespace), name: String(name) }, ""),
    "pkg/artifact/storage.ArtifactPath": ([kind, namespace, name, file]) =>
      artifactPath({ kind: String(kind), namespace: String(namespace), name: String(name) }, String(file)),
    "pkg/artifact/storage.SourceIgnoreFilter": ([patterns]) => ({ patterns: (patterns ?? []) as readonly string[] }),
    "pkg/sourceignore/gitignore.ParsePattern": ([line]) => line,
    "pkg/artifact/storage.Storage.SetArtifactURL": async ([artifact], on, { folder }) => {
      const { hostname } = on as { hostname: string };
      const storage = await ArtifactStorage.open({ folder, hostname, clock });
      (artifact as Holder).current = { ...artifactOf(artifact), url: storage.urlOf(pathOf(artifact)) };
    },
    NewArtifactFor: ([kind, object, revision, file], on) => {
      const { namespace, name } = held(object) as { namespace: string; name: string };
      const path = artifactPath({ kind: String(kind), namespace, name }, String(file));
      return { path, revision, url: (on as ArtifactStorage).urlOf(path) };
    },
    LocalPath: ([artifact], on) => (on as ArtifactStorage).fileOf(pathOf(artifact)),
    MkdirAll: ([artifact], on) => void mkdirSync(dirname((on as ArtifactStorage).fileOf(pathOf(artifact))), { recursive: true }),
    ArtifactExist: ([artifact], on) => (on as ArtifactStorage).has(pathOf(artifact)),
    VerifyArtifact: ([artifact], on) => (on as ArtifactStorage).verify({ path: "", ...artifactOf(artifact) }),
    AtomicWriteFile: ([artifact, content], on) =>
      (on as ArtifactStorage)
        .write(pathOf(artifact), Readable.from([Buffer.from(String(content))], { objectMode: false }))
        .then(() => undefined),
    Remove: ([artifact], on) => (on as ArtifactStorage).remove(pathOf(artifact)),
    RemoveAll: async ([artifact], on) => {
      const [kind = "", namespace = "", name = ""] = pathOf(artifact).split("/").slice(0, -1);
      const owner = { kind, namespace, name };
      const path = [kind, namespace, name].filter((part) => part !== "").join("/");
      return (await (on as ArtifactStorage).removeAll(owner)) ? path : "";
    },
    RemoveAllButCurrent: ([artifact], on) => (on as ArtifactStorage).collect({ path: pathOf(artifact) }),
    Archive: async ([artifact, folder, filter], on, { testCase }) => {
      const storage = on as ArtifactStorage;
      const patterns = filter === null || filter === undefined ? undefined : (filter as { patterns: readonly string[] }).patterns;
      const ignores = patterns === undefined ? undefined : ignoresOf([], patterns.join("\n"));
      const tree = await readFolder(String(folder), ignores === undefined ? {} : { ignores });
      const { digest } = await storage.write(pathOf(artifact), gzip(tar(entriesOf(tree))));
      (artifact as Holder).current = { ...artifactOf(artifact), digest };
      compareArchive(gunzipSync(readFileSync(storage.fileOf(pathOf(artifact)))), testCase);
    },
    // What these read, and the loop over it, is compared by `Archive` with what the row wants.
    "os.Open": ([path]) => path,
    "os.FileMode": ([mode]) => mode,
    "compress/gzip.NewReader": ([file]) => file,
    "archive/tar.NewReader": ([file]) => file,
    CopyToPath: async ([artifact, from], on) => {
      const tree = await (on as ArtifactStorage).load(artifactOf(artifact) as { path: string; digest: string });
      placeTree(tree, String(from), "dest", () => undefined);
    },
    GetGarbageFiles: async ([artifact, maxFiles, maxRecords, ttl], on, { testCase }) => {
      const storage = on as ArtifactStorage;
      const { artifactPaths, createPause } = testCase.row as { artifactPaths: readonly string[]; createPause: string };
      const now = Date.now();
      // The files were made one after the other, with a pause between.
      for (const [index, path] of artifactPaths.entries()) {
        const seconds = (now - (artifactPaths.length - index) * parseDuration(createPause)) / 1000;
        utimesSync(join(storage.folder, path), seconds, seconds);
      }
      const current = storage.fileOf(pathOf(artifact));
      return garbageIn(dirname(current), {
        current,
        nowMs: now,
        ttlMs: parseDuration(String(ttl)),
        maxRecords: Number(maxRecords),
        maxFiles: Number(maxFiles),
      });
    },
    "pkg/artifact/digest.AlgorithmForName": ([name]) => {
      const algorithm = algorithmNamed(String(name));
      return algorithm === "blake3" ? "github.com/opencontainers/go-digest.BLAKE3" : algorithm;
    },
    "pkg/artifact/digest.NewMultiDigester": (names) => ({
      d: Object.fromEntries(names.map((name) => [String(name), createHasher(algorithmNamed(String(name)))])),
    }),
    "github.com/opencontainers/go-digest.Algorithm": ([name]) => name,
    Digest: ([name], on) => (on as { d: Partial<Record<string, Hasher>> }).d[String(name)]?.digest() ?? "",
  },
});

/** What the row of an archive case wants: files by name, with their mode and content; `!` before a name: it must not be there. */
interface ArchiveRow {
  readonly want?: Readonly<Record<string, { readonly mode?: number; readonly content?: string }>>;
  readonly wantDirs?: readonly string[];
}

function compareArchive(bytes: Buffer, { row }: Case): void {
  const { want = {}, wantDirs = [] } = (row ?? {}) as ArchiveRow;
  const members = new Map([...tarMembers(bytes)].map((member) => [member.name, member]));
  for (const [name, wanted] of Object.entries(want)) {
    const found = members.get(name.replace(/^!/, ""));
    if (name.startsWith("!") !== (found === undefined)) throw new Error(`the archive is wrong about ${name}`);
    if (found === undefined) continue;
    if (wanted.mode !== undefined && found.mode !== wanted.mode) throw new Error(`${name} has mode ${found.mode.toString(8)}`);
    if (wanted.content !== undefined && Buffer.from(found.content).toString() !== wanted.content)
      throw new Error(`${name} has another content`);
  }
  for (const name of wantDirs) {
    if (name.startsWith("!") !== (members.get(name.replace(/^!/, ""))?.type !== "folder"))
      throw new Error(`the archive is wrong about ${name}`);
  }
}
