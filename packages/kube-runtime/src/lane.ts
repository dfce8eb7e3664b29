// SPDX-License-Identifier: Apache-2.0

/** Keys (`namespace/name`) in a line in which namespaces take turns, each with its own order of arrival. */
export class Lane {
  /** Namespaces in their order of service. */
  readonly #waiting = new Map<string, Set<string>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns whether the key was not there */
  add(key: string): boolean {
    const namespace = namespaceOf(key);
    const keys = this.#waiting.get(namespace);
    if (keys?.has(key)) return false;
    if (keys === undefined) this.#waiting.set(namespace, new Set([key]));
    else keys.add(key);
    this.#size += 1;
    return true;
  }

  has(key: string): boolean {
    return this.#waiting.get(namespaceOf(key))?.has(key) === true;
  }

  delete(key: string): boolean {
    const namespace = namespaceOf(key);
    const keys = this.#waiting.get(namespace);
    if (keys?.delete(key) !== true) return false;
    if (keys.size === 0) this.#waiting.delete(namespace);
    this.#size -= 1;
    return true;
  }

  take(): string | undefined {
    for (const [namespace, keys] of this.#waiting) {
      // To the end of the line, or out of it.
      this.#waiting.delete(namespace);
      for (const key of keys) {
        keys.delete(key);
        this.#size -= 1;
        if (keys.size > 0) this.#waiting.set(namespace, keys);
        return key;
      }
    }
    return undefined;
  }

  clear(): void {
    this.#waiting.clear();
    this.#size = 0;
  }
}

function namespaceOf(key: string): string {
  return key.slice(0, Math.max(key.indexOf("/"), 0));
}
