// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Artifacts, FileTree, TreeEntry } from "@flux-ts/toolkit/artifact";
import { ArtifactError } from "@flux-ts/toolkit/artifact";

/** The test's own server: artifacts by their names. */
export class ArtifactServer implements Artifacts {
  readonly #trees = new Map<string, FileTree>();

  put(name: string, tree: FileTree): void {
    this.#trees.set(name, tree);
  }

  fetch({ url }: { readonly url: string }): Promise<FileTree> {
    const tree = this.#trees.get(url.slice(url.lastIndexOf("/") + 1));
    return tree === undefined ? Promise.reject(new ArtifactError("NOT_FOUND", `no ${url}`)) : Promise.resolve(tree);
  }
}

/** The files below a folder of the corpus. */
export function readEntries(folder: string, prefix = ""): readonly TreeEntry[] {
  if (!existsSync(folder)) throw new Error(`no fixtures in ${prefix}`);
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory()
      ? readEntries(path, `${prefix}${name}/`)
      : [{ path: `${prefix}${name}`, content: readFileSync(path) }];
  });
}
