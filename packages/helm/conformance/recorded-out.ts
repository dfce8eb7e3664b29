// SPDX-License-Identifier: Apache-2.0
import { printRelease } from "../src/index.ts";
import type { RecordedCase } from "./corpus.ts";
import type { TellLevel } from "./rendering-suite.ts";
import { errorText, runCase } from "./run-case.ts";

/**
 * The bytes behind `out:` that a case renders; undefined when it ended in an error, or should have: that is told here.
 */
export function renderOut(helm: string, one: RecordedCase, tell: TellLevel): Buffer | undefined {
  let output: string;
  try {
    const { release, print } = runCase(helm, one);
    output = printRelease(release, print);
  } catch (error) {
    const message = errorText(error);
    tell("semantic", one.error === undefined ? `unexpected error: ${message}` : undefined);
    if (one.error !== undefined)
      tell("message", message === one.error ? undefined : `error reads ${JSON.stringify(message)}, expected ${JSON.stringify(one.error)}`);
    return undefined;
  }
  const [, base64 = ""] = /^out: ?"?([A-Za-z0-9+/=]*)"?$/m.exec(output) ?? [];
  const found = Buffer.from(base64, "base64");
  if (one.error === undefined) return found;
  tell("semantic", `made ${found.toString()}, but the error is expected: ${one.error}`);
  return undefined;
}
