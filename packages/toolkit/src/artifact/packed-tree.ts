// SPDX-License-Identifier: Apache-2.0
import type { FileTree } from "./file-tree.ts";

/**
 * A tree on its way between threads: a few long texts and arrays, since copying hundreds of thousands of small things takes
 * longer than making them.
 */
export interface PackedTree {
  /** The contents of all files, one after the other. */
  readonly bytes: Uint8Array;
  /** Their lengths. */
  readonly sizes: Float64Array;
  /** Their paths, in order, a NUL between; no path holds one. */
  readonly paths: string;
  /** 1 for an executable. */
  readonly modes: Uint8Array;
  readonly folders: string;
}

export function packForThread({ files, executables, folders }: FileTree): PackedTree {
  const sizes = new Float64Array(files.size);
  const modes = new Uint8Array(files.size);
  const contents: Uint8Array[] = [];
  let index = 0;
  for (const [path, content] of files) {
    sizes[index] = content.length;
    modes[index] = executables.has(path) ? 1 : 0;
    contents.push(content);
    index += 1;
  }
  return { bytes: Buffer.concat(contents), sizes, paths: [...files.keys()].join("\0"), modes, folders: [...folders].join("\0") };
}

export function unpackFromThread({ bytes, sizes, paths, modes, folders }: PackedTree): FileTree {
  const files = new Map<string, Uint8Array>();
  const executables = new Set<string>();
  let offset = 0;
  for (const [index, path] of split(paths).entries()) {
    const size = sizes[index] ?? 0;
    files.set(path, bytes.subarray(offset, offset + size));
    if (modes[index] === 1) executables.add(path);
    offset += size;
  }
  return { files, executables, folders: new Set(split(folders)) };
}

function split(text: string): readonly string[] {
  return text === "" ? [] : text.split("\0");
}
