// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import { stringifyJson } from "@flux-ts/kube-core";
import type { BuildInputs } from "@flux-ts/kustomize";
import { InputCache } from "@flux-ts/kustomize";
import type { BuildInput, Built } from "./build.ts";
import { TreeFileSystem } from "./tree-file-system.ts";

/** How many bytes of files all that is remembered may have been built from. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What was built of which files: a new artifact in which those files are as they were needs no build. */
export class BuildMemory {
  readonly #cache = new InputCache<Built>(digestOf, MAX_BYTES);

  find(input: Omit<BuildInput, "remote">): Built | undefined {
    return this.#cache.find(keyOf(input), { fs: new TreeFileSystem(input.tree, input.root), root: input.root });
  }

  /** @param sizeBytes about how large the files are */
  store(input: Omit<BuildInput, "remote">, inputs: BuildInputs, built: Built, sizeBytes: number): void {
    this.#cache.store(keyOf(input), inputs, built, sizeBytes + 1);
  }
}

export function digestOf(content: Uint8Array | string): string {
  return hash("sha256", content, "base64url");
}

/** Variables may be secrets: only a digest is kept. */
function keyOf({ root, folder, spec, variables, isStrict }: Omit<BuildInput, "remote">): string {
  const plain = variables === undefined || "problem" in variables ? variables : { ...variables, values: [...variables.values] };
  return digestOf(stringifyJson([folder.slice(root.length), spec, plain ?? null, isStrict], { sortKeys: true }));
}
