// SPDX-License-Identifier: Apache-2.0

/** Room for so many workers at once. Work that comes back from waiting goes before new work. */
export class Slots {
  readonly #limit: number;
  #used = 0;
  readonly #returning: (() => void)[] = [];
  readonly #new: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  acquire(options: { readonly isReturning: boolean }): Promise<void> {
    if (this.#used < this.#limit) {
      this.#used += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      (options.isReturning ? this.#returning : this.#new).push(resolve);
    });
  }

  release(): void {
    const next = this.#returning.shift() ?? this.#new.shift();
    if (next === undefined) this.#used -= 1;
    else next();
  }
}
