// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from "re2js";
import { compilePattern } from "../../pattern-cache.ts";
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import type { CelList, CelValue } from "../values.ts";
import { ArrayList, sizeOf } from "../values.ts";

const cost = (args: readonly CelValue[]): number =>
  Math.ceil((1 + sizeOf(args[0] ?? null)) * 0.1) * Math.ceil(sizeOf(args[1] ?? null) * 0.25);

/** @see k8s.io/apiserver pkg/cel/library/regex.go */
export const regex: readonly Declaration[] = [
  overload("string.find(string) string", (text: string, pattern: string) => allMatches(text, pattern, 1)[0] ?? "", cost),
  overload("string.findAll(string) list(string)", (text: string, pattern: string) => list(text, pattern, Number.POSITIVE_INFINITY), cost),
  overload(
    "string.findAll(string, int) list(string)",
    (text: string, pattern: string, limit: bigint) => list(text, pattern, limit < 0n ? Number.POSITIVE_INFINITY : Number(limit)),
    cost,
  ),
];

function list(text: string, pattern: string, limit: number): CelList {
  return new ArrayList(allMatches(text, pattern, limit));
}

function allMatches(text: string, pattern: string, limit: number): string[] {
  const compiled = compilePattern(pattern);
  if (!(compiled instanceof RE2JS)) throw evaluationError(`Illegal regex: ${compiled}`);
  const matcher = compiled.matcher(text);
  const found: string[] = [];
  while (found.length < limit && matcher.find()) found.push(matcher.group() ?? "");
  return found;
}
