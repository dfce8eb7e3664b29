// SPDX-License-Identifier: Apache-2.0
import type { CompiledRule, RuleCompiler } from "../definition/rule-compiler.ts";
import { PatternCache } from "../pattern-cache.ts";
import type { Schema, SchemaRule } from "../schema.ts";
import { CelError } from "./cel-error.ts";
import type { CelExpression } from "./compile.ts";
import type { Declared } from "./declaration.ts";
import { declareSchema, MAX_REQUEST_BYTES } from "./declaration.ts";
import type { CelEnvironment } from "./environment.ts";
import { kubernetesEnvironment } from "./environment.ts";
import { estimateCost } from "./estimate.ts";
import { compileRule, usesOldSelf } from "./rule-compile.ts";
import { compileRules } from "./rules.ts";

/** Compiles and measures the rules of CustomResourceDefinitions, for `validateCustomResourceDefinition`. */
export const ruleCompiler: RuleCompiler = {
  compile(schema, isRoot) {
    const declared = declareSchema(schema, isRoot);
    if (declared === undefined) return undefined;
    const environment = kubernetesEnvironment(new PatternCache());
    return (schema["x-kubernetes-validations"] ?? []).map((rule) => measure(rule, schema, isRoot, declared, environment));
  },
  checker: (schema, isRoot) => compileRules(schema, { isRoot }),
};

/** @see apiextensions-apiserver pkg/apiserver/schema/cel compileRule */
function measure(rule: SchemaRule, schema: Schema, isRoot: boolean, declared: Declared, environment: CelEnvironment): CompiledRule {
  const nothing: CompiledRule = { usesOldSelf: false, maxCost: 0, maxCardinality: 0 };
  if (rule.rule.trim() === "") return nothing;
  const { compiled, message } = compileRule(rule, schema, isRoot, environment, declared);
  if (compiled instanceof CelError) return { ...nothing, error: { isMissing: false, detail: describeFailure(compiled) } };
  if (compiled.outputType !== "bool") return { ...nothing, error: { isMissing: false, detail: "cel expression must evaluate to a bool" } };
  return {
    usesOldSelf: usesOldSelf(compiled.expr),
    maxCost: costOf(compiled, declared),
    // A comma at least between one value and the next.
    maxCardinality: Math.floor(MAX_REQUEST_BYTES / (declared.minSize + 1)),
    ...(message === undefined ? {} : { messageExpression: measureMessage(message, declared) }),
  };
}

/** The rule compiled, but a constant in it is invalid: that is another step in Kubernetes. */
function describeFailure({ code, message }: CelError): string {
  return `${code === "PROGRAM" ? "program instantiation failed" : "compilation failed"}: ${message}`;
}

function measureMessage(message: CelExpression | CelError, declared: Declared): { readonly error?: string; readonly maxCost: number } {
  if (message instanceof CelError) return { error: `messageExpression compilation failed: ${message.message}`, maxCost: 0 };
  if (message.outputType !== "string") return { error: "messageExpression must evaluate to a string", maxCost: 0 };
  return { maxCost: costOf(message, declared) };
}

function costOf(expression: CelExpression, declared: Declared): number {
  return expression.checked === undefined ? 0 : estimateCost(expression.expr, expression.checked, declared).max;
}
