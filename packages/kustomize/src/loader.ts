// SPDX-License-Identifier: Apache-2.0
import { baseName, isBelow, joinPath, parentPath } from "./clean-path.ts";
import { fromRemote } from "./fetching-remote.ts";
import type { FileSystem } from "./file-system.ts";
import { KustomizeError, withPrefix } from "./kustomize-error.ts";
import type { RemotePort } from "./remote.ts";
import { isRemoteFile, parseRepository } from "./remote.ts";

export interface LoaderOptions {
  /** `root`: files must be in or below the folder of the kustomization that names them; `none`: anywhere on the file system. */
  readonly restriction: "root" | "none";
  /** How many bytes one file may have. */
  readonly maxFileBytes: number;
  /** Reads what is not on the file system; without it remote bases and files are errors. */
  readonly remote: RemotePort | undefined;
}

/** Reads the files that one kustomization names, relative to its folder. */
export class Loader {
  readonly fs: FileSystem;
  /** The folder, absolute, with symbolic links resolved. */
  readonly root: string;
  readonly #parent: Loader | undefined;
  readonly #options: LoaderOptions;
  /** Where a remote base was put, and its address: nothing outside of it may be a base. */
  readonly #repository: { readonly address: string; readonly root: string } | undefined;

  private constructor(
    fs: FileSystem,
    root: string,
    options: LoaderOptions,
    parent?: Loader,
    repository?: { readonly address: string; readonly root: string },
  ) {
    this.fs = fs;
    this.root = root;
    this.#options = options;
    this.#parent = parent;
    this.#repository = repository;
  }

  /** @throws {KustomizeError} NOT_FOUND when the path is no folder */
  static at(fs: FileSystem, path: string, options: LoaderOptions): Loader {
    return new Loader(fs, folderAt(fs, path), options);
  }

  /** The absolute path of a file that is named here; an address stays one. */
  pathOf(path: string): string {
    return isRemoteFile(path) || path.startsWith("/") ? path : joinPath(this.root, path);
  }

  /** The text of a file. @throws {KustomizeError} NOT_FOUND, OUTSIDE_ROOT, REMOTE, TOO_LARGE */
  readText(path: string): string {
    const content = this.readBytes(path);
    return typeof content === "string" ? content : decode(content);
  }

  /** The content of a file, as bytes unless the file system holds text. */
  readBytes(path: string): Uint8Array | string {
    const content = this.#read(path);
    if (content.length > this.#options.maxFileBytes) {
      throw new KustomizeError("TOO_LARGE", `file '${path}' has more than ${this.#options.maxFileBytes} bytes`, { path });
    }
    return content;
  }

  #read(path: string): Uint8Array | string {
    if (isRemoteFile(path)) {
      const { remote } = this.#options;
      if (remote === undefined) throw notAllowed(path);
      return fromRemote(path, () => remote.readFile(path));
    }
    const absolute = path.startsWith("/") ? path : joinPath(this.root, path);
    const isRestricted = this.#options.restriction === "root" || this.#repository !== undefined;
    const file = isRestricted ? this.#restricted(absolute) : absolute;
    try {
      return this.fs.read(file);
    } catch (cause) {
      throw fileError(cause, file);
    }
  }

  #restricted(path: string): string {
    let real: string;
    try {
      real = this.fs.realPath(path);
    } catch (cause) {
      throw withPrefix(`evalsymlink failure on '${path}' `, fileError(cause, path));
    }
    if (this.fs.isDirectory(real)) throw new KustomizeError("NOT_FOUND", `'${path}' must resolve to a file`, { path });
    const folder = parentPath(real);
    if (!isBelow(folder, this.root)) {
      throw new KustomizeError("OUTSIDE_ROOT", `security; file '${path}' is not in or below '${this.root}'`, { path });
    }
    return joinPath(folder, baseName(real));
  }

  /**
   * The loader of a base or component.
   *
   * @throws {KustomizeError} NOT_FOUND, CYCLE (it is this folder or one that it is in), OUTSIDE_ROOT, REMOTE
   */
  enter(path: string): Loader {
    if (path === "") throw new KustomizeError("NOT_FOUND", "new root cannot be empty");
    const repository = parseRepository(path);
    if (repository !== undefined) return this.#enterRepository(path, repository.path);
    if (path.startsWith("/")) throw new KustomizeError("OUTSIDE_ROOT", `new root '${path}' cannot be absolute`, { path });
    const root = folderAt(this.fs, joinPath(this.root, path));
    const containing = this.#containingRepository();
    if (containing !== undefined && !isBelow(root, containing.root)) {
      throw new KustomizeError(
        "OUTSIDE_ROOT",
        `security; bases in kustomizations found in cloned git repos must be within the repo, but base '${root}' is outside '${containing.root}'`,
        { path: root },
      );
    }
    this.#requireNoCycle(root, this.fs);
    return new Loader(this.fs, root, this.#options, this, undefined);
  }

  #enterRepository(address: string, inside: string): Loader {
    const { remote } = this.#options;
    if (remote === undefined) throw notAllowed(address);
    if (this.#visits(address))
      throw new KustomizeError("CYCLE", `cycle detected: URI '${address}' referenced by itself`, { path: address });
    const { fs, root } = fromRemote(address, () => remote.openRepository(address));
    const folder = folderAt(fs, joinPath(root, inside));
    if (!isBelow(folder, root))
      throw new KustomizeError("OUTSIDE_ROOT", `"${folder}" refers to directory outside of repo "${root}"`, { path: address });
    return new Loader(fs, folder, this.#options, this, { address, root });
  }

  #containingRepository(): { readonly address: string; readonly root: string } | undefined {
    if (this.#repository !== undefined) return this.#repository;
    return this.#parent === undefined ? undefined : this.#parent.#containingRepository();
  }

  #visits(address: string): boolean {
    if (this.#repository !== undefined && this.#repository.address.startsWith(address)) return true;
    return this.#parent !== undefined && this.#parent.#visits(address);
  }

  #requireNoCycle(candidate: string, fs: FileSystem): void {
    if (this.fs === fs && isBelow(this.root, candidate)) {
      throw new KustomizeError("CYCLE", `cycle detected: candidate root '${candidate}' contains visited root '${this.root}'`, {
        path: candidate,
      });
    }
    if (this.#parent !== undefined) this.#parent.#requireNoCycle(candidate, fs);
  }
}

function folderAt(fs: FileSystem, path: string): string {
  let real: string;
  try {
    real = fs.realPath(path);
  } catch (cause) {
    throw withPrefix(`must build at directory: not a valid directory: evalsymlink failure on '${path}' `, fileError(cause, path));
  }
  if (!fs.isDirectory(real)) throw new KustomizeError("NOT_FOUND", `must build at directory: '${path}': file is not directory`, { path });
  return real;
}

function fileError(cause: unknown, path: string): unknown {
  if (cause instanceof KustomizeError) return cause;
  return new KustomizeError("NOT_FOUND", cause instanceof Error ? cause.message : `open ${path}: cannot be read`, { path, cause });
}

function notAllowed(address: string): KustomizeError {
  return new KustomizeError(
    "REMOTE",
    `'${address}' is remote, and remote bases are not allowed here; add the files to the repository and refer to them by a relative path`,
    { path: address },
  );
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
