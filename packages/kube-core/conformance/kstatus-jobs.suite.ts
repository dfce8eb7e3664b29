// SPDX-License-Identifier: Apache-2.0
// Flux' own cases for the health of Jobs: read as data (an object in, a status out), not as steps.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ComputedStatus, KubeObject } from "@flux-ts/kube-core";
import { computeJobStatus, parseJson } from "@flux-ts/kube-core";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { knownFailures } from "./kstatus-jobs.known-failures.ts";

const FILE = "flux/pkg/runtime/statusreaders/job.jsonl";

export const suite: Suite = {
  name: "kstatus-jobs",
  knownFailures,
  present: (folder) => existsSync(join(folder, FILE)),
  run: async (folder, tell, { filter }) => {
    const lines = readFileSync(join(folder, FILE), "utf8").split("\n");
    for (const line of lines.filter((text) => text !== "")) {
      // The time does not matter to Jobs, only that there is one.
      const { id, steps } = parseJson(line.replaceAll('{"$":"now"}', '"2026-01-01T00:00:00Z"')) as JobCase;
      if (id !== undefined && (filter === undefined || filter.test(id))) tell(judgeCase(id, steps));
    }
  },
};

interface JobCase {
  readonly id?: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly call?: string;
  readonly args?: readonly { readonly $value?: KubeObject }[];
  readonly as?: string;
  readonly expect?: string;
  readonly to?: readonly [matcher: string, value: unknown];
  readonly not?: readonly unknown[];
}

function judgeCase(name: string, steps: readonly Step[]): CaseResult {
  let job: KubeObject | undefined;
  let result: ComputedStatus | undefined;
  for (const { call, args, expect, to } of steps) {
    job = args?.[0]?.$value ?? job;
    if (call !== undefined && /(?:jobConditions|ComputeJobStatus)$/.test(call) && job !== undefined) result = computeJobStatus(job);
    if (expect === undefined || to === undefined || result === undefined) continue;
    const actual = read(result, expect);
    if (!matches(actual, to))
      return { name, area: "jobs", outcome: "failed", detail: `${expect}: ${JSON.stringify(actual)} does not ${to.join(" ")}` };
  }
  if (result === undefined) return { name, area: "jobs", outcome: "failed", detail: "the case computes no status" };
  return { name, area: "jobs", outcome: "passed" };
}

/** `r1.Status`, `r1.out.Conditions[0].Reason` … of our result. */
function read(result: ComputedStatus, expression: string): unknown {
  const conditions = result.condition === undefined ? [] : [result.condition];
  const path = expression.replace(/^r\d+\./, "").replace(/^out\./, "");
  switch (path) {
    case "Status":
      return result.status;
    case "Message":
      return result.message;
    case "Conditions":
      return conditions;
    case "Conditions[0].Type":
      return conditions[0]?.type;
    case "Conditions[0].Reason":
      return conditions[0]?.reason;
    default:
      throw new Error(`cannot read ${expression}: no such field of a result`);
  }
}

function matches(actual: unknown, [matcher, value]: readonly [string, unknown]): boolean {
  switch (matcher) {
    case "Equal":
      return actual === value;
    case "ContainSubstring":
      return typeof actual === "string" && actual.includes(String(value));
    case "HaveLen":
      return Array.isArray(actual) && actual.length === value;
    default:
      throw new Error(`unknown matcher ${matcher}`);
  }
}
