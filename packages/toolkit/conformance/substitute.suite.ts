// SPDX-License-Identifier: Apache-2.0
import type { Suite } from "@flux-ts/testbed";
import type { Part } from "../src/substitute/index.ts";
import { expand, parseExpressions } from "../src/substitute/index.ts";
import { transform } from "../src/substitute/functions.ts";
import type { Call, Case } from "./apply-cases.ts";
import { callSuite } from "./apply-cases.ts";
import { knownFailures } from "./substitute.known-failures.ts";

const MAX_LENGTH = 1_000_000;

const apply =
  (operator: string): Call =>
  ([value, ...args]) =>
    transform(operator, String(value), args.map(String), MAX_LENGTH);

/** Flux' own functions for the operators, and its parser and evaluator. */
export const suite: Suite = callSuite({
  name: "substitute",
  files: ["pkg/envsubst/eval.jsonl", "pkg/envsubst/funcs.jsonl", "pkg/envsubst/parse/parse.jsonl"],
  knownFailures,
  calls: {
    "pkg/envsubst.Eval": ([text], testCase) => expand(String(text), variablesOf(testCase), { strict: isStrict(testCase) }),
    "pkg/envsubst.toLen": apply("#"),
    "pkg/envsubst.toLower": apply(",,"),
    "pkg/envsubst.toLowerFirst": apply(","),
    "pkg/envsubst.toUpper": apply("^^"),
    "pkg/envsubst.toUpperFirst": apply("^"),
    "pkg/envsubst.toDefault": apply(":-"),
    "pkg/envsubst.toSubstr": apply(":"),
    "pkg/envsubst/parse.Parse": ([text]) => ({ Root: toNode(parseExpressions(String(text))) }),
  },
});

function variablesOf({ row }: Case): ReadonlyMap<string, string> {
  return new Map(Object.entries((row?.["params"] ?? {}) as Record<string, string>));
}

/** The upstream table of strict cases is a test of its own. */
function isStrict({ id }: Case): boolean {
  return id?.includes("Strict") === true;
}

/** Upstream's tree: texts and functions, and lists that nest to the right. */
function toNode(parts: readonly Part[]): unknown {
  const [first = "", ...rest] = parts;
  const node =
    typeof first === "string" ? { Value: first } : { Param: first.param, Name: first.name, Args: first.args.map((arg) => toNode([arg])) };
  return rest.length === 0 ? node : { Nodes: [node, toNode(rest)] };
}
