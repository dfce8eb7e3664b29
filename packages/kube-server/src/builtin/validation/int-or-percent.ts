// SPDX-License-Identifier: Apache-2.0
import type { Problems } from "./problems.ts";
import { NOT_NEGATIVE } from "./scalars.ts";

const PERCENT = /^[0-9]+%$/;
const PERCENT_TEXT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A count, or a share in percent. */
export function intOrPercent(value: unknown, path: string, problems: Problems): void {
  if (typeof value === "string") {
    if (!PERCENT.test(value)) problems.invalid(path, value, PERCENT_TEXT);
  } else if (typeof value === "number" && value < 0) problems.invalid(path, value, NOT_NEGATIVE);
}

/** Not more than everything. */
export function atMostAll(value: unknown, path: string, problems: Problems): void {
  if (typeof value === "string" && PERCENT.test(value) && Number.parseInt(value, 10) > 100)
    problems.invalid(path, value, "must not be greater than 100%");
}

/** The number in front of `%`, or the number; 0 for a text that is none. */
export function amountOf(value: unknown): number {
  if (typeof value === "number") return value;
  const number = typeof value === "string" ? Number.parseInt(value, 10) : 0;
  return Number.isNaN(number) || (typeof value === "string" && !/^[+-]?\d+%?$/.test(value)) ? 0 : number;
}
