// SPDX-License-Identifier: Apache-2.0
import type { RuleChecker } from "../rule-checker.ts";
import type { Schema } from "../schema.ts";

/** One entry of `x-kubernetes-validations`, compiled: what is wrong with it, and what it may cost. */
export interface CompiledRule {
  readonly error?: { readonly isMissing: boolean; readonly detail: string };
  readonly usesOldSelf: boolean;
  /** The most that one evaluation costs, by the limits of the schema. */
  readonly maxCost: number;
  /** How often a value of this schema can appear in one request when nothing above bounds it. */
  readonly maxCardinality: number;
  readonly messageExpression?: { readonly error?: string; readonly maxCost: number };
}

/**
 * Compiles the rules of one node of a schema. A port: `ruleCompiler` of `@flux-ts/kube-core/cel` is one.
 *
 * `isRoot`: the node is an object with `metadata`, as the root of a custom resource is.
 */
export interface RuleCompiler {
  /** In the order of the rules; undefined when CEL has no type for such a schema. */
  compile(schema: Schema, isRoot: boolean): readonly CompiledRule[] | undefined;
  /** Undefined when there is no rule in the schema or below. */
  checker(schema: Schema, isRoot: boolean): RuleChecker | undefined;
}
