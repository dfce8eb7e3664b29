// SPDX-License-Identifier: Apache-2.0
import { baseName, parentPath } from "../clean-path.ts";
import type { FileSystem } from "../file-system.ts";

/** A file system with one file more, or with another content of one. */
export function withFile(fs: FileSystem, path: string, content: string): FileSystem {
  const folder = parentPath(path);
  const name = baseName(path);
  const real = `${fs.realPath(folder)}/${name}`.replace(/^\/\//, "/");
  const isIt = (other: string): boolean => other === path || other === real;
  return {
    read: (other) => (isIt(other) ? content : fs.read(other)),
    isDirectory: (other) => !isIt(other) && fs.isDirectory(other),
    realPath: (other) => (isIt(other) ? real : fs.realPath(other)),
    list(other) {
      const names = fs.list(other);
      return other === folder && !names.includes(name) ? [...names, name] : names;
    },
  };
}
