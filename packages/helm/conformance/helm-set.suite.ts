// SPDX-License-Identifier: Apache-2.0
import { parseJson } from "@flux-ts/kube-core";
import type { RecordedCase } from "./corpus.ts";
import { knownFailures } from "./helm-set.known-failures.ts";
import { renderOut } from "./recorded-out.ts";
import { type TellLevel, levelSuite } from "./rendering-suite.ts";

function judge(helm: string, one: RecordedCase, tell: TellLevel): void {
  const out = renderOut(helm, one, tell);
  if (out === undefined) return;
  const found = out.toString("utf8");
  const isSame = found === one.expected || JSON.stringify(parseJson(found)) === JSON.stringify(parseJson(one.expected ?? ""));
  tell("semantic", isSame ? undefined : `values are ${found}, expected ${one.expected}`);
}

/** Values of the flags `--set`, `--set-string`, `--set-json` and `--set-literal`. */
export const suite = levelSuite("helm-set", "set", knownFailures, judge);
