// SPDX-License-Identifier: Apache-2.0
import { parseDurationNs } from "../../duration.ts";
import { compilePattern } from "../pattern-cache.ts";
import type { Call, Expr } from "./ast.ts";
import type { Issue } from "./cel-error.ts";
import type { Checked } from "./check.ts";
import { parseTimestamp } from "./time.ts";
import { DYN, formatType } from "./types.ts";

/**
 * Literals that cannot be what they are used as: durations, timestamps, regular expressions, and lists and maps of more
 * than one type.
 *
 * @see cel-go cel/validator.go
 */
export function literalIssues(expr: Expr, checked: Checked): Issue[] {
  const issues: Issue[] = [];
  walk(expr, (node) => {
    if (node.kind === "call") checkCall(node, issues);
    if (node.kind === "list")
      checkTypes(
        node.items.map(({ value }) => value),
        checked,
        issues,
      );
    if (node.kind === "map") {
      checkTypes(
        node.entries.map(({ key }) => key),
        checked,
        issues,
      );
      checkTypes(
        node.entries.map(({ value }) => value),
        checked,
        issues,
      );
    }
  });
  return issues;
}

function checkCall(call: Call, issues: Issue[]): void {
  const arg = call.args.at(-1);
  if (arg?.kind !== "literal" || typeof arg.value !== "string") return;
  if (call.name === "duration" && !isDuration(arg.value)) issues.push({ at: arg.at, message: "invalid duration argument" });
  if (call.name === "timestamp" && parseTimestamp(arg.value) === undefined)
    issues.push({ at: arg.at, message: "invalid timestamp argument" });
  if (call.name === "matches" && typeof compilePattern(arg.value) === "string")
    issues.push({ at: arg.at, message: "invalid matches argument" });
}

function isDuration(text: string): boolean {
  try {
    parseDurationNs(text);
    return true;
  } catch {
    return false;
  }
}

function checkTypes(nodes: readonly Expr[], checked: Checked, issues: Issue[]): void {
  const [first, ...others] = nodes.map((node) => ({ node, type: formatType(checked.types.get(node.id) ?? DYN) }));
  if (first === undefined || first.type === "dyn") return;
  for (const { node, type } of others) {
    if (type === first.type || type === "dyn" || type.includes("dyn") || first.type.includes("dyn")) continue;
    issues.push({ at: node.at, message: `expected type '${first.type}' but found '${type}'` });
  }
}

/** Visits an expression and all that it holds. */
export function walk(expr: Expr, visit: (node: Expr) => void): void {
  visit(expr);
  for (const child of childrenOf(expr)) walk(child, visit);
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "ident":
      return [];
    case "select":
      return [expr.operand];
    case "call":
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case "list":
      return expr.items.map(({ value }) => value);
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return expr.fields.map(({ value }) => value);
    case "comprehension":
      return [expr.range, expr.start, expr.condition, expr.step, expr.result];
  }
}
