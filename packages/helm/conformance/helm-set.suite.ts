// SPDX-License-Identifier: Apache-2.0
import { parseJson } from "@flux-ts/kube-core";
import { printRelease } from "../src/index.ts";
import type { RecordedCase } from "./corpus.ts";
import { knownFailures } from "./helm-set.known-failures.ts";
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
  const found = Buffer.from(base64, "base64").toString("utf8");
  if (one.error !== undefined) return tell("semantic", `values are ${found}, but the error is expected: ${one.error}`);
  const isSame = found === one.expected || JSON.stringify(parseJson(found)) === JSON.stringify(parseJson(one.expected ?? ""));
  tell("semantic", isSame ? undefined : `values are ${found}, expected ${one.expected}`);
}

/** Values of the flags `--set`, `--set-string`, `--set-json` and `--set-literal`. */
export const suite = levelSuite("helm-set", "set", knownFailures, judge);
