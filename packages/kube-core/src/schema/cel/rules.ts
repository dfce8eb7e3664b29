// SPDX-License-Identifier: Apache-2.0
import { isJsonObject } from "../../json-object.ts";
import type { Correlation } from "../correlation.ts";
import { itemFinder } from "../correlation.ts";
import type { FieldError } from "../field-error.ts";
import { childPath, elementPath, fieldErrorMessage, invalidValue, NO_FIELD } from "../field-error.ts";
import { resolveFieldPath } from "../field-path.ts";
import { PatternCache } from "../pattern-cache.ts";
import type { RuleChecker, RuleCheckOptions, RuleCheckResult } from "../rule-checker.ts";
import type { Schema, SchemaRule } from "../schema.ts";
import { CelError } from "./cel-error.ts";
import type { CelExpression } from "./compile.ts";
import { withTypeAndMeta } from "./declaration.ts";
import type { CelEnvironment } from "./environment.ts";
import { kubernetesEnvironment } from "./environment.ts";
import { FailedEvaluation } from "./interpret.ts";
import { compileRule, usesOldSelf } from "./rule-compile.ts";
import { readTyped } from "./schema-values.ts";
import type { CelValue } from "./values.ts";
import { CelOptional } from "./values.ts";

/** What all rules of one request may cost together. @see k8s.io/apiserver pkg/apis/cel RuntimeCELCostBudget */
export const REQUEST_COST_LIMIT = 10_000_000;
const MAX_MESSAGE_BYTES = 5 * 1024;

/**
 * Compiles the rules of a schema and of all below; undefined when there are none. A rule that does not compile is told
 * as an error of every value.
 *
 * @param isRoot whether the schema is that of a whole object; default true
 */
export function compileRules(schema: Schema, { isRoot = true } = {}): RuleChecker | undefined {
  const environment = kubernetesEnvironment(new PatternCache());
  const node = compileNode(schema, schema, isRoot, environment);
  return node === undefined ? undefined : { check: (value, old, options = {}) => checkAll(node, value, old, options) };
}

/** A schema with rules in it or below, compiled. */
interface RuleNode {
  readonly schema: Schema;
  readonly rules: readonly Rule[];
  readonly isRoot: boolean;
  readonly items: RuleNode | undefined;
  readonly fields: ReadonlyMap<string, RuleNode>;
  readonly values: RuleNode | undefined;
  readonly allOf: readonly RuleNode[];
}

interface Rule {
  readonly source: SchemaRule;
  readonly compiled: CelExpression | CelError;
  readonly message: CelExpression | undefined;
  readonly usesOldSelf: boolean;
  /** Of the field that the rule is about, from the value. */
  readonly fieldPath: string;
}

function compileNode(validation: Schema, schema: Schema, isRoot: boolean, environment: CelEnvironment): RuleNode | undefined {
  const below = (child: Schema | undefined, spine: Schema | undefined): RuleNode | undefined =>
    child === undefined || spine === undefined ? undefined : compileNode(child, spine, isEmbedded(spine), environment);
  const rules = compileOwn(validation["x-kubernetes-validations"] ?? [], schema, isRoot, environment);
  const items = below(validation.items, schema.items);
  const fields = new Map<string, RuleNode>();
  for (const [name, property] of Object.entries(validation.properties ?? {})) {
    const spine = schema.properties !== undefined && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const node = below(property, spine);
    if (node !== undefined) fields.set(name, node);
  }
  const values = below(additional(validation), additional(schema));
  const allOf = (validation.allOf ?? [])
    .map((branch) => compileNode(branch, schema, isRoot, environment))
    .filter((node) => node !== undefined);
  if (rules.length === 0 && items === undefined && fields.size === 0 && values === undefined && allOf.length === 0) return undefined;
  return { schema, rules, isRoot, items, fields, values, allOf };
}

function isEmbedded(schema: Schema): boolean {
  return schema["x-kubernetes-embedded-resource"] === true;
}

function additional(schema: Schema): Schema | undefined {
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

function compileOwn(rules: readonly SchemaRule[], schema: Schema, isRoot: boolean, environment: CelEnvironment): Rule[] {
  return rules
    .filter(({ rule }) => (rule ?? "").trim() !== "")
    .map((source) => {
      const { compiled, message } = compileRule(source, schema, isRoot, environment);
      const field = source.fieldPath === undefined || source.fieldPath === "" ? undefined : resolveFieldPath(source.fieldPath, schema);
      return {
        source,
        compiled,
        message: message instanceof CelError ? undefined : message,
        usesOldSelf: !(compiled instanceof CelError) && usesOldSelf(compiled.expr),
        fieldPath: typeof field === "object" ? field.path : "",
      };
    });
}

/** Where errors of a value go by ratcheting: its own correlation, else that of what holds it. */
interface Ratchet {
  readonly own: Correlation | undefined;
  readonly parent: Correlation | undefined;
}

class Run {
  readonly errors: FieldError[] = [];
  readonly warnings: string[] = [];
  budget: number;

  constructor(budget: number) {
    this.budget = budget;
  }

  /** Nothing more is evaluated. */
  get isOver(): boolean {
    return this.budget < 0;
  }

  end(error: FieldError): void {
    this.errors.push(error);
    this.budget = -1;
  }
}

function checkAll(node: RuleNode, value: unknown, old: unknown, options: RuleCheckOptions): RuleCheckResult {
  const run = new Run(options.budget ?? REQUEST_COST_LIMIT);
  checkNode(run, node, value, old ?? undefined, options.base ?? "", { own: options.correlation, parent: undefined });
  return { errors: run.errors, warnings: run.warnings, budget: run.budget };
}

function checkNode(run: Run, node: RuleNode, value: unknown, old: unknown, path: string, ratchet: Ratchet): void {
  if (value === null || value === undefined || run.isOver) return;
  if (node.rules.length > 0) checkRules(run, node, value, old ?? undefined, path, ratchet);
  for (const branch of node.allOf) checkNode(run, branch, value, old, path, { own: undefined, parent: ratchet.parent });
  if (run.isOver) return;
  if (Array.isArray(value)) checkItems(run, node, value, old, path, ratchet);
  else if (isJsonObject(value)) checkFields(run, node, value, old, path, ratchet);
}

function checkItems(run: Run, { schema, items }: RuleNode, list: readonly unknown[], old: unknown, path: string, ratchet: Ratchet): void {
  if (items === undefined) return;
  const find = itemFinder(schema, Array.isArray(old) ? old : []);
  for (const [index, item] of list.entries()) {
    if (run.isOver) return;
    const below: Ratchet = ratchet.own === undefined ? ratchet : { own: ratchet.own.item(index), parent: ratchet.own };
    checkNode(run, items, item, find(item), elementPath(path, index), below);
  }
}

function checkFields(
  run: Run,
  node: RuleNode,
  object: Readonly<Record<string, unknown>>,
  old: unknown,
  path: string,
  ratchet: Ratchet,
): void {
  const oldObject = isJsonObject(old) ? old : undefined;
  for (const key of Object.keys(object)) {
    if (run.isOver) return;
    const field = node.fields.get(key);
    const below = field ?? node.values;
    if (below === undefined) continue;
    const oldValue = oldObject !== undefined && Object.hasOwn(oldObject, key) ? oldObject[key] : undefined;
    const at = field === undefined ? elementPath(path, key) : childPath(path, key);
    checkNode(run, below, object[key], oldValue, at, fieldRatchet(ratchet, key));
  }
}

function fieldRatchet(ratchet: Ratchet, key: string): Ratchet {
  if (ratchet.own === undefined) return ratchet;
  // apiVersion and kind change with the version that is asked for, not with the object.
  if (ratchet.parent === undefined && (key === "apiVersion" || key === "kind")) return { own: undefined, parent: undefined };
  return { own: ratchet.own.field(key), parent: ratchet.own };
}

function checkRules(run: Run, node: RuleNode, value: unknown, old: unknown, path: string, ratchet: Ratchet): void {
  const type = node.schema.type ?? "";
  if (run.budget <= 0) {
    run.end(invalidValue(path, type, "validation failed due to running out of cost budget, no further validation rules will be run"));
    return;
  }
  const schema = node.isRoot ? withTypeAndMeta(node.schema) : node.schema;
  const self = lazily(() => readTyped(value, schema));
  const oldSelf = lazily(() => readTyped(old, schema));
  for (const rule of node.rules) {
    if (rule.compiled instanceof CelError) {
      run.errors.push(invalidValue(path, type, `rule compile error: compilation failed: ${rule.compiled.message}`));
      continue;
    }
    const isOptional = rule.source.optionalOldSelf === true;
    if (rule.usesOldSelf && old === undefined && !isOptional) continue;
    checkRule(run, node, rule, rule.compiled, { value, self, oldSelf: old === undefined ? undefined : oldSelf, isOptional, path, ratchet });
    if (run.isOver) return;
  }
}

interface Case {
  readonly value: unknown;
  readonly self: () => CelValue;
  readonly oldSelf: (() => CelValue) | undefined;
  readonly isOptional: boolean;
  readonly path: string;
  readonly ratchet: Ratchet;
}

function checkRule(run: Run, node: RuleNode, rule: Rule, expression: CelExpression, one: Case): void {
  const type = node.schema.type ?? "";
  const result = evaluate(expression, one);
  if (result.cost > run.budget) {
    run.end(invalidValue(one.path, type, "validation failed due to running out of cost budget, no further validation rules will be run"));
    return;
  }
  run.budget -= result.cost;
  if (result.error !== undefined) {
    const detail = failureDetail(result.error, rule.source);
    if (result.error.code === "COST") run.end(invalidValue(one.path, type, detail));
    else run.errors.push(invalidValue(one.path, type, detail));
    return;
  }
  if (result.value === true) return;
  const path = rule.fieldPath === "" ? one.path : childPath(one.path, rule.fieldPath);
  const detail = messageOf(run, rule, one, path, type);
  if (detail === undefined) return;
  const error = errorFor(rule.source, path, one.value, type, detail);
  const isUnchanged = (one.ratchet.own ?? one.ratchet.parent)?.isEqual === true;
  if (!rule.usesOldSelf && isUnchanged) run.warnings.push(fieldErrorMessage(error));
  else run.errors.push(error);
}

function failureDetail(error: CelError, { rule, message = "" }: SchemaRule): string {
  const shown = message === "" ? rule.trim() : message.trim();
  if (error.message.startsWith("no such overload")) {
    return `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${shown}`;
  }
  if (error.code === "COST")
    return `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${shown}`;
  return `${error.message} evaluating rule: ${shown}`;
}

/** What a failed rule says; undefined when there is no more to say, because the budget is gone. */
function messageOf(run: Run, rule: Rule, one: Case, path: string, type: string): string | undefined {
  const { message = "", messageExpression = "" } = rule.source;
  const fallback = message === "" ? `failed rule: ${rule.source.rule.trim()}` : message.trim();
  if (rule.message === undefined) return fallback;
  const result = evaluate(rule.message, one);
  const spent = (detail: string): undefined => {
    run.end(invalidValue(path, type, detail));
    return undefined;
  };
  if (result.cost > run.budget)
    return spent("messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run");
  if (result.error?.code === "COST") {
    return spent(
      `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(messageExpression)}`,
    );
  }
  run.budget -= result.cost;
  const text = typeof result.value === "string" ? result.value.trim() : "";
  const isUsable = text !== "" && !text.includes("\n") && new TextEncoder().encode(text).length <= MAX_MESSAGE_BYTES;
  return isUsable ? text : fallback;
}

function errorFor({ reason }: SchemaRule, path: string, value: unknown, type: string, detail: string): FieldError {
  const field = path || NO_FIELD;
  const shown = type === "object" || type === "array" ? { omitValue: true } : { value };
  switch (reason) {
    case "FieldValueForbidden":
    case "FieldValueRequired":
      return { type: reason, field, value: "", detail };
    case "FieldValueDuplicate":
      return { type: reason, field, ...shown, detail: "" };
    default:
      return { type: "FieldValueInvalid", field, ...shown, detail };
  }
}

function evaluate(expression: CelExpression, one: Case): { readonly value?: CelValue; readonly error?: CelError; readonly cost: number } {
  try {
    return expression.evaluate({
      has: (name) => name === "self" || (name === "oldSelf" && (one.isOptional || one.oldSelf !== undefined)),
      get: (name) => {
        if (name === "self") return one.self();
        if (name !== "oldSelf") return undefined;
        return one.isOptional ? new CelOptional(one.oldSelf?.()) : one.oldSelf?.();
      },
    });
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return { error, cost: error instanceof FailedEvaluation ? error.cost : 0 };
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
