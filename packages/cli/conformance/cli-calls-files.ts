// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { systemClock } from "@flux-ts/kube-client";
import { parseJson } from "@flux-ts/kube-core";
import type { Call, Run } from "@flux-ts/testbed/call-cases";
import type { Holder } from "@flux-ts/testbed/call-expressions";
import { entriesOf, unpackTree } from "@flux-ts/toolkit/artifact";
import { migrateFiles } from "../src/commands/migrate/migrate-files.ts";
import type { Io } from "../src/io.ts";
import { root } from "../src/root.ts";
import { executeCommand } from "../src/run.ts";

/** A command's surroundings that hold files and standard input. */
function ioIn(folder: string, stdin = ""): Io {
  return {
    stdout: () => undefined,
    stderr: () => undefined,
    stdin: () => Promise.resolve(stdin),
    ask: () => Promise.reject(new Error("nobody is there to answer")),
    env: {},
    cwd: folder,
    home: folder,
    clock: systemClock(),
    terminal: { isTty: false, columns: 80 },
    signal: new AbortController().signal,
  };
}

/** The files of the archive that `flux build artifact` makes, written into a folder of their own. */
async function builtFolder(args: readonly string[], run: Run, stdin = ""): Promise<string> {
  const archive = join(run.folder, "built.tgz");
  await executeCommand(root, ["build", "artifact", "--output", archive, ...args], ioIn(run.folder, stdin));
  const folder = mkdtempSync(join(run.folder, "built-"));
  for (const { path, content } of entriesOf(await unpackTree(readFileSync(archive)))) {
    mkdirSync(join(folder, content === undefined ? path : dirname(path)), { recursive: true });
    if (content !== undefined) writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The text of every file below a folder. */
function textsIn(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}

/** Files with a recorder of what is written: here what differs afterwards. */
class Migrator {
  readonly #args: readonly unknown[];

  constructor(args: readonly unknown[]) {
    this.#args = args;
  }

  async run({ fixtures }: Run, folder: string): Promise<void> {
    const [recorder, isConfirmed, isDry, path, extensions, versions] = this.#args;
    cpSync(fixtures, folder, { recursive: true, verbatimSymlinks: true });
    const latest = new Map(
      Object.entries(versions as Readonly<Record<string, string>>).map(([key, version]) => {
        const { Group, Kind } = parseJson(key) as { readonly Group: string; readonly Kind: string };
        return [`${Group}/${Kind}`, version] as const;
      }),
    );
    const before = textsIn(folder);
    await migrateFiles(
      {
        path: String(path),
        extensions: extensions as readonly string[],
        latest,
        isConfirmed: isConfirmed === true,
        isDry: isDry === true,
      },
      ioIn(folder),
    );
    const written = [...textsIn(folder)].filter(([file, text]) => before.get(file) !== text);
    const holder = recorder as Holder;
    holder.current = { ...(holder.current as object), writtenFiles: Object.fromEntries(written) };
  }
}

/** Ours for upstream's functions that read and write files. */
export const fileCalls: Readonly<Record<string, Call>> = {
  "os.OpenRoot": () => ({ FS: () => ({}) }),
  "flux2/v2/cmd/flux.NewFileSystemMigrator": (args) => new Migrator(args),
  Run: (_, on, run) => (on as Migrator).run(run, mkdtempSync(join(run.folder, "migrated-"))),
  // Upstream writes a folder with files in place of links and packs that; the archive shows the same.
  "flux2/v2/cmd/flux.resolveSymlinks": ([folder], _, run) => builtFolder(["--path", String(folder), "--resolve-symlinks"], run),
  // Upstream writes standard input into a file and packs that.
  "flux2/v2/cmd/flux.saveReaderToFile": async ([text], _, run) => {
    const folder = await builtFolder(["--path", "-"], run, String(text));
    return join(folder, readdirSync(folder)[0] ?? "");
  },
};
