// SPDX-License-Identifier: Apache-2.0
import { LRUCache } from "lru-cache";
import type { FileTree } from "./file-tree.ts";
import { sizeOf } from "./file-tree.ts";

/**
 * Trees of artifacts made or fetched in this process, by digest: controllers that live together take them from here instead
 * of from the network. A digest names its content, so an entry can be missing but never stale.
 */
export class ArtifactMemory {
  readonly #trees: LRUCache<string, FileTree>;

  /** @param maxBytes of all file contents together; a tree larger than half of it is not kept */
  constructor(maxBytes = 64 * 1024 * 1024) {
    this.#trees = new LRUCache({
      maxSize: Math.max(1, maxBytes),
      maxEntrySize: Math.max(1, Math.floor(maxBytes / 2)),
      sizeCalculation: weigh,
    });
  }

  get(digest: string): FileTree | undefined {
    return this.#trees.get(digest);
  }

  put(digest: string, tree: FileTree): void {
    this.#trees.set(digest, tree);
  }
}

/** Contents, and roughly what a path costs. */
function weigh(tree: FileTree): number {
  return Math.max(1, sizeOf(tree) + (tree.files.size + tree.folders.size) * 200);
}
