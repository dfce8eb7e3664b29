// SPDX-License-Identifier: Apache-2.0

/** Everything a command touches outside itself. The program gives the real ones, a test its own. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** All of standard input, at most `maxBytes`. @throws {Error} when it is longer */
  stdin(maxBytes?: number): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The home folder of the user. */
  readonly home: string;
  readonly now: () => number;
  /** Whether standard output is a terminal, and how wide. */
  readonly terminal: { readonly isTty: boolean; readonly columns: number };
  readonly signal: AbortSignal;
}
