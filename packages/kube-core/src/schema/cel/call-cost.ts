// SPDX-License-Identifier: Apache-2.0
import type { Overload } from "./functions.ts";
import type { CelValue } from "./values.ts";
import { CelOpaque, sizeOf } from "./values.ts";

/** Costs that do not depend on a function. @see cel-go common/cost.go */
export const COST = { access: 1, list: 10, map: 30 } as const;

/** What traversing text costs for each character, and a regular expression. */
export const TEXT_FACTOR = 0.1;
export const REGEX_FACTOR = 0.25;

/** What a call has cost. @see cel-go interpreter/runtimecost.go costCall; k8s.io/apiserver pkg/cel/library/cost.go */
export function callCost(name: string, overload: Overload, args: readonly CelValue[], result: CelValue): number {
  if (overload.cost !== undefined) return overload.cost(args, result);
  const [first = null, second = null] = args;
  switch (name) {
    case "startsWith":
    case "endsWith":
    case "format":
    case "strings.quote":
      return text(first);
    case "bytes":
    case "string":
      return first instanceof Uint8Array || (name === "bytes" && typeof first === "string") ? text(first) : 1;
    case "@in":
      return overload.parameters[1]?.kind === "list" ? sizeOf(second) : 1;
    case "_==_":
    case "_!=_":
      return first instanceof CelOpaque ? 1 : Math.ceil(Math.min(sizeOf(first), sizeOf(second)) * TEXT_FACTOR);
    case "_<_":
    case "_<=_":
    case "_>_":
    case "_>=_":
      return isText(first) && isText(second) ? Math.ceil(Math.min(sizeOf(first), sizeOf(second)) * TEXT_FACTOR) : 1;
    case "_+_":
      return isText(first) ? Math.ceil((sizeOf(first) + sizeOf(second)) * TEXT_FACTOR) : 1;
    case "matches":
      return Math.ceil((1 + sizeOf(first)) * TEXT_FACTOR) * Math.ceil(sizeOf(second) * REGEX_FACTOR);
    case "contains":
      return text(first) * text(second);
    default:
      return 1;
  }
}

function text(value: CelValue): number {
  return Math.ceil(sizeOf(value) * TEXT_FACTOR);
}

function isText(value: CelValue): boolean {
  return typeof value === "string" || value instanceof Uint8Array;
}
