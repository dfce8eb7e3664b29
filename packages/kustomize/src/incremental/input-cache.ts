// SPDX-License-Identifier: Apache-2.0
import { areUnchanged } from "./build-inputs.ts";
import type { BuildInputs, Digest, RootedFiles } from "./build-inputs.ts";
import { LeastRecent } from "./least-recent.ts";

interface Entry<T> {
  readonly inputs: BuildInputs;
  readonly value: T;
}

/**
 * Results by what they were made of. An entry is good as long as every file that was read, every folder that was listed
 * and every path that was looked for is as it was, wherever the tree lies now.
 */
export class InputCache<T> {
  readonly #digest: Digest;
  readonly #entries: LeastRecent<Entry<T>>;

  /** @param maxCost how much all entries together may cost, in the unit of {@link store} */
  constructor(digest: Digest, maxCost: number) {
    this.#digest = digest;
    this.#entries = new LeastRecent(maxCost);
  }

  /** @param key everything beside the files that the result depends on */
  find(key: string, files: RootedFiles): T | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && areUnchanged(entry.inputs, files, this.#digest) ? entry.value : undefined;
  }

  /** Keeps a result instead of an older one. One that costs more than all may is not kept. */
  store(key: string, inputs: BuildInputs, value: T, cost: number): void {
    this.#entries.set(key, { inputs, value }, cost);
  }
}
