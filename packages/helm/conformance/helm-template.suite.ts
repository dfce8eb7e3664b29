// SPDX-License-Identifier: Apache-2.0
import { printRelease } from "../src/index.ts";
import type { RecordedCase } from "./corpus.ts";
import { knownFailures } from "./helm-template.known-failures.ts";
import { type TellLevel, levelSuite } from "./rendering-suite.ts";
import { errorText, runCase } from "./run-case.ts";

function judge(helm: string, one: RecordedCase, tell: TellLevel): void {
  let output: string;
  try {
    const { release, print } = runCase(helm, one);
    output = printRelease(release, print);
  } catch (error) {
    const message = errorText(error);
    tell("semantic", one.error === undefined ? `unexpected error: ${message}` : undefined);
    if (one.error !== undefined)
      tell("message", message === one.error ? undefined : `error reads ${JSON.stringify(message)}, expected ${JSON.stringify(one.error)}`);
    return;
  }
  const [, base64 = ""] = /^out: ?"?([A-Za-z0-9+/=]*)"?$/m.exec(output) ?? [];
  const found = Buffer.from(base64, "base64");
  if (one.error !== undefined) return tell("semantic", `made ${found.toString()}, but the error is expected: ${one.error}`);
  const wanted = one.expectedBase64 === undefined ? Buffer.from(one.expected ?? "") : Buffer.from(one.expectedBase64, "base64");
  tell(
    "semantic",
    found.equals(wanted) ? undefined : `made ${JSON.stringify(found.toString())}, expected ${JSON.stringify(wanted.toString())}`,
  );
}

/** Single templates, each in a chart of its own: output by bytes. */
export const suite = levelSuite("helm-template", "template", knownFailures, judge);
