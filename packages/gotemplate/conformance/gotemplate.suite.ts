// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { toBytes } from "../src/index.ts";
import { knownFailures } from "./gotemplate.known-failures.ts";
import { renderCase } from "./render-case.ts";

/** What only a whole chart has. Cases of it are the business of helm's own suite. */
const NEEDS_CHART = /\.(?:Files|Chart|Capabilities|Subcharts)\b/;

interface RecordedCase {
  readonly name: string;
  readonly kind: string;
  readonly dot?: string;
  readonly template?: string;
  readonly data?: unknown;
  readonly valuesYaml?: string;
  readonly valuesFile?: string;
  readonly files?: unknown;
  readonly args?: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
  readonly expected?: string;
  readonly expectedBase64?: string;
  readonly expected42?: string;
  readonly errorTail?: string;
  readonly error?: string;
  readonly error42?: string;
}

function cases(folder: string): RecordedCase[] {
  const templates = join(folder, "helm/templates");
  return (
    readdirSync(templates)
      .filter((name) => name.endsWith(".jsonl.gz"))
      .flatMap((name) =>
        gunzipSync(readFileSync(join(templates, name)))
          .toString("utf8")
          .split("\n")
          .filter((line) => line !== ""),
      )
      // The format is that of the corpus' README.
      .map((line) => JSON.parse(line) as RecordedCase)
      .filter(
        (one) =>
          one.kind === "template" &&
          one.template !== undefined &&
          one.files === undefined &&
          (one.args ?? []).length === 0 &&
          !NEEDS_CHART.test(one.template),
      )
  );
}

function judgeCase(folder: string, one: RecordedCase): string | undefined {
  const valuesText =
    one.valuesYaml ??
    (one.valuesFile === undefined
      ? JSON.stringify({ data: one.data ?? null })
      : readFileSync(join(folder, "helm", one.valuesFile), "utf8"));
  const wantsError = one.error42 !== undefined || (one.error !== undefined && one.expected42 === undefined);
  let output: string;
  try {
    output = renderCase({
      name: one.name,
      dot: one.dot === "data" ? "data" : "root",
      template: one.template ?? "",
      valuesText,
      release: one.release ?? "rel",
      namespace: one.namespace ?? "ns",
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const tail = one.error42 ?? one.errorTail ?? one.error ?? "";
    if (!wantsError) return `unexpected error: ${message}`;
    return message.endsWith(tail) ? undefined : `error reads ${JSON.stringify(message)}, expected it to end in ${JSON.stringify(tail)}`;
  }
  if (wantsError) return `rendered ${JSON.stringify(output)}, expected the error ${JSON.stringify(one.errorTail)}`;
  const expected =
    one.expected42 !== undefined
      ? Buffer.from(one.expected42)
      : one.expected !== undefined
        ? Buffer.from(one.expected)
        : Buffer.from(one.expectedBase64 ?? "", "base64");
  return Buffer.from(toBytes(output)).equals(expected)
    ? undefined
    : `rendered ${JSON.stringify(output)}, expected ${JSON.stringify(expected.toString())}`;
}

/** Templates as `helm template` 4.2 renders them, where no chart is needed: output by bytes, errors by their innermost cause. */
export const suite: Suite = {
  name: "gotemplate",
  knownFailures,
  present: (folder) => existsSync(join(folder, "helm/templates")),
  run: async (folder, tell, options) => {
    for (const one of cases(folder)) {
      if (options.filter?.test(one.name) === false) continue;
      const detail = judgeCase(folder, one);
      const result: CaseResult = {
        name: one.name,
        area: one.name.split("/").slice(0, 2).join("/"),
        outcome: detail === undefined ? "passed" : "failed",
        ...(detail === undefined ? {} : { detail }),
      };
      tell(result);
    }
  },
};
