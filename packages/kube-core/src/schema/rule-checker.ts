// SPDX-License-Identifier: Apache-2.0
import type { Correlation } from "./correlation.ts";
import type { FieldError } from "./field-error.ts";

export interface RuleCheckOptions {
  /** Where the value stands in its object; default the object as a whole. */
  readonly base?: string;
  /** Turns failures of what did not change into warnings. */
  readonly correlation?: Correlation;
  /** What evaluation may cost, in CEL's units; default that of one request. */
  readonly budget?: number;
}

export interface RuleCheckResult {
  readonly errors: readonly FieldError[];
  /** Failures that are only told, because the value was like that before. */
  readonly warnings: readonly string[];
  /** What is left of the budget; negative when it ran out. */
  readonly budget: number;
}

/**
 * The CEL rules (`x-kubernetes-validations`) of a schema, compiled. A port: `compileRules` of `@flux-ts/kube-core/cel`
 * makes one, so that who needs no CEL does not load it.
 */
export interface RuleChecker {
  /** @param old the value that is replaced; undefined at creation */
  check(value: unknown, old: unknown, options?: RuleCheckOptions): RuleCheckResult;
}
