// SPDX-License-Identifier: Apache-2.0
import { isBelow } from "./clean-path.ts";
import type { FileSystem } from "./file-system.ts";
import { KustomizeError } from "./kustomize-error.ts";

/**
 * A view of a file system that ends at a folder: nothing outside of it is read, listed or told of, be it by `..`, an
 * absolute path or a symbolic link. Flux confines every build to its artifact so.
 */
export function confineFileSystem(fs: FileSystem, root: string): FileSystem {
  const realRoot = fs.realPath(root);
  const resolve = (path: string): string => {
    if (!isBelow(path, root) && !isBelow(path, realRoot)) throw outside(path, root);
    const real = fs.realPath(path);
    if (!isBelow(real, realRoot)) throw outside(path, root);
    return real;
  };
  return {
    read: (path) => fs.read(resolve(path)),
    list: (path) => fs.list(resolve(path)),
    realPath: resolve,
    isDirectory(path) {
      try {
        return fs.isDirectory(resolve(path));
      } catch {
        return false;
      }
    },
  };
}

function outside(path: string, root: string): KustomizeError {
  return new KustomizeError("OUTSIDE_ROOT", `security; '${path}' is not in or below '${root}'`, { path });
}
