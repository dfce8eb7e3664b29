// SPDX-License-Identifier: Apache-2.0
import { setMaxListeners } from "node:events";
import { CommandError } from "./command.ts";
import type { FlagValues } from "./flags.ts";
import type { Io } from "./io.ts";

/** When a command must be done. Dispose it when the command is. */
export interface Deadline extends Disposable {
  /** Aborts when the time of `--timeout` is up, or the user interrupts. */
  readonly signal: AbortSignal;
}

/** Begins to count the time that `--timeout` gives. The reason is a {@link CommandError} in Go's words. */
export function deadlineOf(flags: FlagValues, io: Pick<Io, "clock" | "signal">): Deadline {
  const timer = new AbortController();
  const cancel = io.clock.after(flags.durationMs("timeout"), () => timer.abort(new CommandError("context deadline exceeded")));
  const signal = AbortSignal.any([timer.signal, io.signal]);
  // Everything that a command does listens to it, also a dozen waits at once: that is no leak.
  setMaxListeners(0, signal);
  return { signal, [Symbol.dispose]: cancel };
}
