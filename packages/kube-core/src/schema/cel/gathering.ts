// SPDX-License-Identifier: Apache-2.0
import type { Comprehension, Expr } from "./ast.ts";
import { ArrayList } from "./values.ts";

/** A loop that makes a list. */
export interface Gathering {
  readonly filter: Expr | undefined;
  readonly item: Expr;
}

/** `accumulator + [item]`, perhaps under a condition: what `map` and `filter` expand to. */
export function gatheringStep({ accumulator, start, step, result }: Comprehension): Gathering | undefined {
  if (
    start.kind !== "literal" ||
    !(start.value instanceof ArrayList) ||
    start.value.size > 0 ||
    result.kind !== "ident" ||
    result.name !== accumulator ||
    step.kind !== "call"
  ) {
    return undefined;
  }
  const isConditional = step.name === "_?_:_";
  const addition = isConditional ? step.args[1] : step;
  if (addition?.kind !== "call" || addition.name !== "_+_") return undefined;
  const [left, right] = addition.args;
  const [only, ...others] = right?.kind === "list" ? right.items : [];
  if (left?.kind !== "ident" || left.name !== accumulator || only === undefined || only.isOptional || others.length > 0) return undefined;
  return { filter: isConditional ? step.args[0] : undefined, item: only.value };
}
