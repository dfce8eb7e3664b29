// SPDX-License-Identifier: Apache-2.0
import type { RecordedCase } from "./corpus.ts";
import { knownFailures } from "./helm-template.known-failures.ts";
import { renderOut } from "./recorded-out.ts";
import { type TellLevel, levelSuite } from "./rendering-suite.ts";

function judge(helm: string, one: RecordedCase, tell: TellLevel): void {
  const found = renderOut(helm, one, tell);
  if (found === undefined) return;
  const wanted = one.expectedBase64 === undefined ? Buffer.from(one.expected ?? "") : Buffer.from(one.expectedBase64, "base64");
  tell(
    "semantic",
    found.equals(wanted) ? undefined : `made ${JSON.stringify(found.toString())}, expected ${JSON.stringify(wanted.toString())}`,
  );
}

/** Single templates, each in a chart of its own: output by bytes. */
export const suite = levelSuite("helm-template", "template", knownFailures, judge);
