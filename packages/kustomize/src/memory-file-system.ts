// SPDX-License-Identifier: Apache-2.0
import { cleanPath, parentPath } from "./clean-path.ts";
import type { FileSystem } from "./file-system.ts";

/** A file system of files in memory: path (relative ones are below `/`) → content. It does not change. */
export class MemoryFileSystem implements FileSystem {
  readonly #files: ReadonlyMap<string, Uint8Array | string>;
  readonly #folders: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(files: Iterable<readonly [string, Uint8Array | string]>) {
    const all = new Map<string, Uint8Array | string>();
    const folders = new Map<string, Set<string>>([["/", new Set()]]);
    for (const [name, content] of files) {
      const path = cleanPath(`/${name}`);
      all.set(path, content);
      let child = path;
      while (child !== "/") {
        const parent = parentPath(child);
        const names = folders.get(parent) ?? new Set<string>();
        names.add(child.slice(parent === "/" ? 1 : parent.length + 1));
        folders.set(parent, names);
        child = parent;
      }
    }
    this.#files = all;
    this.#folders = folders;
  }

  read(path: string): Uint8Array | string {
    const content = this.#files.get(path);
    if (content === undefined) throw new Error(`open ${path}: no such file or directory`);
    return content;
  }

  isDirectory(path: string): boolean {
    return this.#folders.has(path);
  }

  list(path: string): readonly string[] {
    const names = this.#folders.get(path);
    if (names === undefined) throw new Error(`open ${path}: no such file or directory`);
    return [...names];
  }

  realPath(path: string): string {
    if (this.#files.has(path) || this.#folders.has(path)) return path;
    let missing = path;
    for (let parent = parentPath(path); !this.#folders.has(parent); parent = parentPath(parent)) missing = parent;
    throw new Error(`lstat ${missing}: no such file or directory`);
  }
}
