// SPDX-License-Identifier: Apache-2.0
import type { Io } from "../io.ts";

/** What a command says while it works: one line each, on standard error, with upstream's sign before it. */
export interface Progress {
  /** `►` Something is being done. */
  action(text: string): void;
  /** `✚` Something is being made. */
  generate(text: string): void;
  /** `◎` Something is waited for. */
  waiting(text: string): void;
  /** `✔` */
  success(text: string): void;
  /** `⚠️` */
  warning(text: string): void;
  /** `✗` */
  failure(text: string): void;
}

/** @see cmd/flux/log.go */
export function progressOn(io: Pick<Io, "stderr">): Progress {
  const line = (sign: string) => (text: string) => io.stderr(`${sign} ${text}\n`);
  return {
    action: line("►"),
    generate: line("✚"),
    waiting: line("◎"),
    success: line("✔"),
    warning: line("⚠️"),
    failure: line("✗"),
  };
}
