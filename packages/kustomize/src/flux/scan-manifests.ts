// SPDX-License-Identifier: Apache-2.0
import { compareText } from "@flux-ts/kube-core";
import { joinPath } from "../clean-path.ts";
import type { FileSystem } from "../file-system.ts";
import type { BuildCache } from "../incremental/build-cache.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { kustomizationFileNames } from "../kustomization.ts";
import { readResources } from "../read-resources.ts";

/** Whether a path, absolute, is left out. */
export type IsIgnored = (path: string, isDirectory: boolean) => boolean;

/**
 * What a folder without a kustomization file stands for: its YAML files and those below it, in the order of their names.
 * A folder below it that has a kustomization file counts as a whole.
 *
 * @returns paths that start with `./`
 * @throws {KustomizeError} when a file holds no Kubernetes objects
 * @see fluxcd/pkg kustomize, scanManifests
 */
export function scanManifests(fs: FileSystem, root: string, isIgnored: IsIgnored, cache?: BuildCache): readonly string[] {
  const out: string[] = [];
  const walk = (folder: string, relative: string): void => {
    for (const name of [...fs.list(folder)].toSorted(compareText)) {
      const path = joinPath(folder, name);
      const shown = `${relative}/${name}`;
      // A link to a folder is not followed.
      if (fs.isDirectory(path) && isOwn(fs, folder, path, name)) {
        if (hasKustomization(fs, path)) out.push(shown);
        else walk(path, shown);
      } else if (/\.ya?ml$/.test(name) && !fs.isDirectory(path) && !isIgnored(path, false)) {
        requireObjects(fs, path, cache);
        out.push(shown);
      }
    }
  };
  walk(root, ".");
  return out;
}

function isOwn(fs: FileSystem, folder: string, path: string, name: string): boolean {
  return fs.realPath(path) === joinPath(fs.realPath(folder), name);
}

/** The path of a folder's kustomization file; undefined when it has none. */
export function findKustomization(fs: FileSystem, folder: string): string | undefined {
  return kustomizationFileNames.map((name) => joinPath(folder, name)).find((path) => exists(fs, path) && !fs.isDirectory(path));
}

function hasKustomization(fs: FileSystem, folder: string): boolean {
  return findKustomization(fs, folder) !== undefined;
}

export function exists(fs: FileSystem, path: string): boolean {
  try {
    fs.realPath(path);
    return true;
  } catch {
    return false;
  }
}

function requireObjects(fs: FileSystem, path: string, cache: BuildCache | undefined): void {
  const content = fs.read(path);
  try {
    readResources(typeof content === "string" ? content : new TextDecoder("utf-8", { ignoreBOM: true }).decode(content), { cache });
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    throw new KustomizeError(error.code, `failed to decode Kubernetes YAML from ${path}: ${error.message}`, {
      path,
      ...(error.line === undefined ? {} : { line: error.line }),
      cause: error,
    });
  }
}
