// SPDX-License-Identifier: Apache-2.0
import type { FileSystem } from "@flux-ts/kustomize";
import type { FileTree } from "@flux-ts/toolkit/artifact";

/**
 * An artifact's tree as kustomize reads it: everything below one folder, and nothing else. There are no links, so no path
 * leads out of it.
 */
export class TreeFileSystem implements FileSystem {
  readonly #tree: FileTree;
  readonly #root: string;
  readonly #names: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param root absolute and clean: the name of the tree's own root */
  constructor(tree: FileTree, root: string) {
    this.#tree = tree;
    this.#root = root;
    const names = new Map<string, Set<string>>([["", new Set()]]);
    for (const folder of tree.folders) names.set(folder, names.get(folder) ?? new Set());
    for (const path of [...tree.folders, ...tree.files.keys()]) {
      const slash = path.lastIndexOf("/");
      const folder = slash < 0 ? "" : path.slice(0, slash);
      const list = names.get(folder) ?? new Set();
      list.add(path.slice(slash + 1));
      names.set(folder, list);
    }
    this.#names = names;
  }

  read(path: string): Uint8Array {
    const inner = this.#inner(path);
    const content = inner === undefined ? undefined : this.#tree.files.get(inner);
    if (content === undefined) throw new Error(`open ${path}: ${this.isDirectory(path) ? "is a directory" : this.#absence(path)}`);
    return content;
  }

  isDirectory(path: string): boolean {
    const inner = this.#inner(path);
    return inner !== undefined && this.#names.has(inner);
  }

  list(path: string): readonly string[] {
    const inner = this.#inner(path);
    const names = inner === undefined ? undefined : this.#names.get(inner);
    if (names === undefined) throw new Error(`open ${path}: ${this.#absence(path)}`);
    return [...names];
  }

  realPath(path: string): string {
    const inner = this.#inner(path);
    if (inner === undefined || (!this.#names.has(inner) && !this.#tree.files.has(inner)))
      throw new Error(`lstat ${this.#firstMissing(path)}: ${this.#absence(path)}`);
    return path;
  }

  /** A link is resolved part by part: the first part that is not there is the one that is told. */
  #firstMissing(path: string): string {
    for (let slash = path.indexOf("/", this.#root.length + 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
      const part = path.slice(0, slash);
      const inner = this.#inner(part);
      if (inner === undefined || !(this.#names.has(inner) || this.#tree.files.has(inner))) return part;
    }
    return path;
  }

  /** The path within the tree; undefined: outside of it. */
  #inner(path: string): string | undefined {
    if (path === this.#root) return "";
    return path.startsWith(`${this.#root}/`) ? path.slice(this.#root.length + 1) : undefined;
  }

  /** Below a file there is nothing, for another reason. */
  #absence(path: string): string {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const inner = this.#inner(path.slice(0, slash));
      if (inner !== undefined && this.#tree.files.has(inner)) return "not a directory";
    }
    return "no such file or directory";
  }
}
