// SPDX-License-Identifier: Apache-2.0
import type { Schema, SchemaRule } from "../schema.ts";
import type { Expr } from "./ast.ts";
import { CelError } from "./cel-error.ts";
import type { CelExpression } from "./compile.ts";
import { compile } from "./compile.ts";
import type { Declared } from "./declaration.ts";
import { declareSchema } from "./declaration.ts";
import type { CelEnvironment } from "./environment.ts";
import { walk } from "./literal-issues.ts";
import { optionalOf } from "./types.ts";

export interface CompiledPair {
  readonly compiled: CelExpression | CelError;
  readonly message: CelExpression | CelError | undefined;
}

/** Compiles a rule and its message over `self` and `oldSelf` of a schema. */
export function compileRule(
  rule: SchemaRule,
  schema: Schema,
  isRoot: boolean,
  environment: CelEnvironment,
  declared: Declared | undefined = declareSchema(schema, isRoot),
): CompiledPair {
  if (declared === undefined) {
    return { compiled: new CelError("COMPILE", "failed to convert to declType for CEL validation rules"), message: undefined };
  }
  const oldSelf = rule.optionalOldSelf === true ? optionalOf(declared.type) : declared.type;
  const variables = { self: declared.type, oldSelf };
  const compiled = attempt(rule.rule, environment, variables);
  const text = rule.messageExpression ?? "";
  const message = compiled instanceof CelError || text === "" ? undefined : attempt(text, environment, variables);
  return { compiled, message };
}

function attempt(
  source: string,
  environment: CelEnvironment,
  variables: Parameters<typeof compile>[1]["variables"],
): CelExpression | CelError {
  try {
    return compile(source, { environment, ...(variables === undefined ? {} : { variables }) });
  } catch (error) {
    if (error instanceof CelError) return error;
    throw error;
  }
}

/** Whether an expression speaks of the value before. */
export function usesOldSelf(expr: Expr): boolean {
  let uses = false;
  walk(expr, (node) => {
    uses ||= node.kind === "ident" && node.name.replace(/^\./, "") === "oldSelf";
  });
  return uses;
}
