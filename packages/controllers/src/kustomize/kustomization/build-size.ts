// SPDX-License-Identifier: Apache-2.0
import { posix } from "node:path";
import type { FileTree } from "@flux-ts/toolkit/artifact";

const KUSTOMIZATION_FILE = /(^|\/)(kustomization\.ya?ml|Kustomization)$/;
/** A relative path that leaves its folder, as it may stand in a kustomization file. */
const OUTWARD = /\.\.\/[^\s'"#,\]}]*/g;
const MAX_KUSTOMIZATION_BYTES = 1024 * 1024;

/**
 * About how many bytes a build of a folder reads: what is below it, and below whatever its kustomization files point to
 * outside. Only good for choosing where to build: small builds in line, large ones in a worker, whatever the size of the
 * artifact they stand in.
 *
 * @param folder relative to the root of the tree; `""` is the root
 */
export function buildSize(tree: FileTree, folder: string): number {
  const counted = new Set<string>();
  const pending = [folder];
  const visited = new Set<string>();
  let size = 0;
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    if (visited.has(place)) continue;
    visited.add(place);
    const prefix = place === "" ? "" : `${place}/`;
    for (const [path, content] of tree.files) {
      if ((path !== place && !path.startsWith(prefix)) || counted.has(path)) continue;
      counted.add(path);
      size += content.byteLength;
      if (KUSTOMIZATION_FILE.test(path) && content.byteLength <= MAX_KUSTOMIZATION_BYTES) pending.push(...outwardFrom(path, content));
    }
  }
  return size;
}

function outwardFrom(path: string, content: Uint8Array): readonly string[] {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("utf8");
  const folder = posix.dirname(path);
  return [...text.matchAll(OUTWARD)]
    .map(([reference]) => posix.join(folder === "." ? "" : folder, reference).replace(/\/$/, ""))
    .filter((target) => !target.startsWith(".."))
    .map((target) => (target === "." ? "" : target));
}
