// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

/** One name in a tree object. `mode` as git writes it: `100644`, `100755`, `120000`, `40000`, `160000`. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
}

/** Who and when, for commits and tags. `date` is in seconds since 1970. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: number;
}

/**
 * Writes loose objects straight into a bare repository: no process, same bytes for the same content, and it also writes
 * what `git` itself would refuse (a tree entry named `..`), which the tests of hostile repositories need.
 */
export class ObjectWriter {
  readonly #folder: string;

  constructor(repositoryFolder: string) {
    this.#folder = join(repositoryFolder, "objects");
  }

  /** Returns the id. */
  write(type: "blob" | "tree" | "commit" | "tag", content: Uint8Array): string {
    const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    const id = createHash("sha1").update(bytes).digest("hex");
    const folder = join(this.#folder, id.slice(0, 2));
    const path = join(folder, id.slice(2));
    if (!existsSync(path)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, deflateSync(bytes, { level: 1 }), { mode: 0o444 });
    }
    return id;
  }

  /** Writes the trees of a flat list of paths. Names are taken as they are. */
  writeTree(entries: ReadonlyMap<string, TreeEntry>): string {
    const here = new Map<string, TreeEntry>();
    const below = new Map<string, Map<string, TreeEntry>>();
    for (const [path, entry] of entries) {
      const slash = path.indexOf("/");
      if (slash < 0) {
        here.set(path, entry);
        continue;
      }
      const name = path.slice(0, slash);
      const folder = below.get(name) ?? new Map<string, TreeEntry>();
      folder.set(path.slice(slash + 1), entry);
      below.set(name, folder);
    }
    for (const [name, folder] of below) here.set(name, { mode: "40000", id: this.writeTree(folder) });
    // Git sorts a folder as if its name ended with a slash.
    const key = (name: string, { mode }: TreeEntry): Buffer => Buffer.from(mode === "40000" ? `${name}/` : name);
    const sorted = [...here].sort(([a, x], [b, y]) => Buffer.compare(key(a, x), key(b, y)));
    const parts = sorted.flatMap(([name, { mode, id }]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]);
    return this.write("tree", Buffer.concat(parts));
  }

  writeCommit(commit: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly author: Signature;
    readonly message: string;
  }): string {
    const who = signatureText(commit.author);
    const parents = commit.parents.map((parent) => `parent ${parent}\n`).join("");
    return this.write("commit", Buffer.from(`tree ${commit.tree}\n${parents}author ${who}\ncommitter ${who}\n\n${commit.message}\n`));
  }

  writeTag(tag: { readonly name: string; readonly object: string; readonly tagger: Signature; readonly message: string }): string {
    const head = `object ${tag.object}\ntype commit\ntag ${tag.name}\ntagger ${signatureText(tag.tagger)}`;
    return this.write("tag", Buffer.from(`${head}\n\n${tag.message}\n`));
  }
}

function signatureText({ name, email, date }: Signature): string {
  return `${name} <${email}> ${date} +0000`;
}
