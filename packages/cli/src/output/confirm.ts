// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../command.ts";
import type { Io } from "../io.ts";

/**
 * Asks for a yes: `y` or `yes`, in any case.
 * @throws {CommandError} `aborting` for any other answer, and when nobody answers
 */
export async function confirm(io: Io, question: string): Promise<void> {
  let answer: string;
  try {
    answer = await io.ask(`? ${question}? [y/N] `);
  } catch (error) {
    throw new CommandError("aborting", { cause: error });
  }
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError("aborting");
}
