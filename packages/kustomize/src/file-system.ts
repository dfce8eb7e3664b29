// SPDX-License-Identifier: Apache-2.0

/**
 * What a build reads from. Paths are absolute, with `/` between parts and nothing to clean (no `.`, `..`, doubled or
 * trailing slashes). Adapters decide what may be seen: a build asks for whatever its kustomizations name.
 */
export interface FileSystem {
  /** The content of a file, as bytes or (when it is known to be text) as a string. @throws when there is none */
  read(path: string): Uint8Array | string;
  isDirectory(path: string): boolean;
  /** The names in a folder, in any order, without `.` and `..`. @throws when there is none */
  list(path: string): readonly string[];
  /** The path with every symbolic link resolved. @throws when nothing is there */
  realPath(path: string): string;
}
