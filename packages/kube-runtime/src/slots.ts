// SPDX-License-Identifier: Apache-2.0

/** Room for so many workers at once. Work that comes back from waiting goes before new work. */
export class Slots {
  readonly #limit: number;
  readonly #onFree: () => void;
  readonly #returning: (() => void)[] = [];
  #used = 0;

  /** @param onFree called when a slot is free and nobody comes back */
  constructor(limit: number, onFree: () => void) {
    this.#limit = limit;
    this.#onFree = onFree;
  }

  get used(): number {
    return this.#used;
  }

  /** For new work. @returns whether there was room */
  tryAcquire(): boolean {
    if (this.#used >= this.#limit) return false;
    this.#used += 1;
    return true;
  }

  /** For work that comes back. */
  reacquire(): Promise<void> {
    if (this.tryAcquire()) return Promise.resolve();
    return new Promise((resolve) => this.#returning.push(resolve));
  }

  release(): void {
    const next = this.#returning.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#used -= 1;
    this.#onFree();
  }
}
