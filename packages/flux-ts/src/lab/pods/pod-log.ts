// SPDX-License-Identifier: Apache-2.0

/** A line as it was written, with its line break, and when, in milliseconds. */
export interface LogLine {
  readonly at: number;
  readonly text: string;
}

const MAX_BYTES = 4 * 1024 * 1024;

/** What one container has written: the latest 4 MiB. */
export class PodLog {
  #lines: LogLine[] = [];
  #bytes = 0;
  #isOver = false;
  readonly #listeners = new Set<(line: LogLine | undefined) => void>();

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Whether nothing more will come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  write(text: string, at: number): void {
    const line = { at, text };
    this.#lines.push(line);
    this.#bytes += text.length;
    if (this.#bytes > MAX_BYTES) this.#forgetOldest();
    for (const listener of this.#listeners) listener(line);
  }

  end(): void {
    this.#isOver = true;
    for (const listener of this.#listeners) listener(undefined);
  }

  /** Calls back with each line that comes, with undefined after the last, until the returned function is called. */
  follow(listener: (line: LogLine | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A quarter at once, so that a long log is not copied for each line. */
  #forgetOldest(): void {
    let drop = 0;
    while (this.#bytes > (MAX_BYTES * 3) / 4 && drop < this.#lines.length - 1) {
      this.#bytes -= this.#lines[drop]?.text.length ?? 0;
      drop += 1;
    }
    this.#lines = this.#lines.slice(drop);
  }
}
