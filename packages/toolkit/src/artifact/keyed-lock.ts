// SPDX-License-Identifier: Apache-2.0

/** Lets one at a time through, per key, in the order of asking. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<unknown>>();
  #count = 0;

  /** A number never given before by this lock: for names of temporary files. */
  next(): number {
    return ++this.#count;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    // How the one before ended is its own business.
    const own = before.then(work, work);
    this.#tails.set(key, own);
    try {
      return await own;
    } finally {
      if (this.#tails.get(key) === own) this.#tails.delete(key);
    }
  }
}
