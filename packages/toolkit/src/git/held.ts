// SPDX-License-Identifier: Apache-2.0

/** What must be given back together, the last taken first. Moved out, it is somebody else's to give back. */
export class Held implements AsyncDisposable {
  #items: AsyncDisposable[] = [];

  use<T extends AsyncDisposable>(item: T): T {
    this.#items.push(item);
    return item;
  }

  move(): Held {
    const moved = new Held();
    moved.#items = this.#items;
    this.#items = [];
    return moved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let item = this.#items.pop(); item !== undefined; item = this.#items.pop()) await item[Symbol.asyncDispose]();
  }
}
