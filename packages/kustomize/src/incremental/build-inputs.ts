// SPDX-License-Identifier: Apache-2.0
import type { FileSystem } from "../file-system.ts";

/** What a build asked its file system, and what it was told: plain data, of any size a few dozen bytes a file. */
export type BuildInputs = readonly BuildInput[];

/** One question; `path` starts with `./` where it lies below the root, so that trees may move. */
interface BuildInput {
  readonly ask: "read" | "list" | "isDirectory" | "realPath";
  readonly path: string;
  /** Of a file a digest, of a folder its names; undefined: there is none. */
  readonly answer: string | undefined;
}

/** Text that is the same for the same content only, such as a SHA-256. */
export type Digest = (content: Uint8Array | string) => string;

/** A tree of files, and which of its folders counts as where it is. */
export interface RootedFiles {
  readonly fs: FileSystem;
  readonly root: string;
}

/** A file system that takes down what it is asked. */
export function traceInputs({ fs, root }: RootedFiles, digest: Digest): { readonly fs: FileSystem; inputs(): BuildInputs } {
  const asked = new Map<string, BuildInput>();
  const note = (ask: BuildInput["ask"], path: string, answer: () => string | undefined): void => {
    const key = `${ask} ${path}`;
    if (!asked.has(key)) asked.set(key, { ask, path: inner(path, root), answer: answer() });
  };
  const noted = <T>(ask: BuildInput["ask"], path: string, run: () => T, answer: (value: T) => string): T => {
    let value: T;
    try {
      value = run();
    } catch (error) {
      note(ask, path, () => undefined);
      throw error;
    }
    note(ask, path, () => answer(value));
    return value;
  };
  return {
    fs: {
      read: (path) => noted("read", path, () => fs.read(path), digest),
      list: (path) => noted("list", path, () => fs.list(path), namesOf),
      isDirectory: (path) => noted("isDirectory", path, () => fs.isDirectory(path), String),
      realPath: (path) =>
        noted(
          "realPath",
          path,
          () => fs.realPath(path),
          (real) => inner(real, root),
        ),
    },
    inputs: () => [...asked.values()],
  };
}

/** Whether a tree gives the same answers. Reads what the build read, and stops at the first difference. */
export function areUnchanged(inputs: BuildInputs, { fs, root }: RootedFiles, digest: Digest): boolean {
  return inputs.every(({ ask, path: asked, answer }) => {
    const path = outer(asked, root);
    try {
      switch (ask) {
        case "read":
          return digest(fs.read(path)) === answer;
        case "list":
          return namesOf(fs.list(path)) === answer;
        case "isDirectory":
          return String(fs.isDirectory(path)) === answer;
        case "realPath":
          return inner(fs.realPath(path), root) === answer;
      }
    } catch {
      return answer === undefined;
    }
  });
}

function namesOf(names: readonly string[]): string {
  return [...names].sort().join("/");
}

function inner(path: string, root: string): string {
  if (path === root) return ".";
  return path.startsWith(`${root}/`) ? `.${path.slice(root.length)}` : path;
}

function outer(path: string, root: string): string {
  return path.startsWith("/") ? path : `${root}${path.slice(1)}`;
}
