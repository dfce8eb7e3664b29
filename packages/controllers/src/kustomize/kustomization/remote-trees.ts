// SPDX-License-Identifier: Apache-2.0
import type { FileSystem, RemotePort } from "@flux-ts/kustomize";
import type { Fetched, Missing, RemoteContent } from "./remote-bases.ts";
import { TreeFileSystem } from "./tree-file-system.ts";

/** Remote bases as a build reads them: what was fetched before, and a note of the first thing that was not. */
export class RemoteTrees implements RemotePort {
  readonly #content: RemoteContent;
  readonly #opened = new Map<string, { readonly fs: FileSystem; readonly root: string }>();
  #missing: Missing | undefined;

  constructor(content: RemoteContent) {
    this.#content = content;
  }

  /** When there is something, whatever the build came to does not count. */
  get missing(): Missing | undefined {
    return this.#missing;
  }

  readFile(address: string): Uint8Array {
    return this.#take("file", address, this.#content.files);
  }

  openRepository(address: string): { readonly fs: FileSystem; readonly root: string } {
    const known = this.#opened.get(address);
    if (known !== undefined) return known;
    const tree = this.#take("repository", address, this.#content.repositories);
    const root = `/tmp/kustomize-${String(this.#opened.size + 1).padStart(10, "0")}`;
    const opened = { fs: new TreeFileSystem(tree, root), root };
    this.#opened.set(address, opened);
    return opened;
  }

  #take<T>(kind: Missing["kind"], address: string, from: ReadonlyMap<string, Fetched<T>>): T {
    const fetched = from.get(address);
    if (fetched === undefined) {
      this.#missing ??= { kind, address };
      throw new Error(`'${address}' is not fetched yet`);
    }
    if ("problem" in fetched) throw new Error(fetched.problem);
    return fetched.value;
  }
}
