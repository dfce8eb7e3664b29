// SPDX-License-Identifier: Apache-2.0

/** The position of the first key that is not less than `key`; `keys` is sorted by code units. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sorted strings with cheap growth at the end, kept beside a Map to walk it in order. */
export class SortedKeys {
  #keys: string[] = [];

  get length(): number {
    return this.#keys.length;
  }

  at(index: number): string | undefined {
    return this.#keys[index];
  }

  add(key: string): void {
    const last = this.#keys.at(-1);
    if (last === undefined || last < key) {
      this.#keys.push(key);
      return;
    }
    const index = lowerBound(this.#keys, key);
    if (this.#keys[index] !== key) this.#keys.splice(index, 0, key);
  }

  remove(key: string): void {
    const index = lowerBound(this.#keys, key);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  /** The half-open range of positions whose keys begin with `prefix`. */
  rangeOf(prefix: string): { readonly from: number; readonly to: number } {
    if (prefix === "") return { from: 0, to: this.#keys.length };
    const from = lowerBound(this.#keys, prefix);
    return { from, to: lowerBound(this.#keys, `${prefix}\uFFFF`) };
  }

  /** The position of the first key greater than `key`. */
  after(key: string): number {
    const index = lowerBound(this.#keys, key);
    return this.#keys[index] === key ? index + 1 : index;
  }
}
