// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "./error.ts";
import { goPlain } from "./go-print.ts";
import { goQuote } from "./go-quote.ts";
import { getKey, isJsonObject } from "./json-object.ts";
import type { ParsedRequirement } from "./label-selector-parser.ts";
import { parseSelectorText } from "./label-selector-parser.ts";
import { labelKeyProblems, labelValueProblems } from "./names.ts";

export type LabelOperator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";

/** One condition on labels. `values` are sorted. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** Conditions that must all hold; none: everything matches. `"nothing"`: nothing matches. */
export type LabelSelector = readonly LabelRequirement[] | "nothing";

/** A selector as objects hold it. @see apimachinery meta/v1 LabelSelector */
export interface LabelSelectorObject {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

type Labels = Readonly<Record<string, unknown>> | undefined | null;

/**
 * Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
 *
 * @throws {KubeCoreError} INVALID_LABEL_SELECTOR with apimachinery's text
 * @see apimachinery labels.Parse
 */
export function parseLabelSelector(selector: string): LabelSelector {
  const parsed = parseSelectorText(selector, (key) => checkKey(key, "<nil>"), checkRequirement);
  return parsed.map(toRequirement).sort(byKey);
}

/**
 * The selector of an object's `selector` field. Absent: nothing; empty: everything.
 *
 * @param selector checked while it is read: it may come from anywhere
 * @throws {KubeCoreError} INVALID_LABEL_SELECTOR with apimachinery's text
 * @see apimachinery meta/v1 LabelSelectorAsSelector
 */
export function labelSelectorOf(selector: LabelSelectorObject | undefined | null): LabelSelector {
  if (selector === undefined || selector === null) return "nothing";
  const requirements: LabelRequirement[] = [];
  const { matchLabels, matchExpressions } = selector;
  for (const [key, value] of Object.entries(isJsonObject(matchLabels) ? matchLabels : {})) {
    requirements.push(checked({ key, operator: "=", values: [textOf(value)] }));
  }
  for (const expression of Array.isArray(matchExpressions) ? matchExpressions : []) requirements.push(readExpression(expression));
  return requirements.sort(byKey);
}

function readExpression(expression: unknown): LabelRequirement {
  const { key = "", operator = "", values } = isJsonObject(expression) ? expression : {};
  const text = textOf(operator);
  const name = Object.hasOwn(OBJECT_OPERATORS, text) ? OBJECT_OPERATORS[text] : undefined;
  if (name === undefined) throw fail(`${goQuote(text)} is not a valid label selector operator`);
  return checked({ key: textOf(key), operator: name, values: Array.isArray(values) ? values.map(textOf) : [] });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : goPlain(value);
}

/** Labels that must all be there: the selector of Services, or of `--selector` maps. */
export function exactLabels(labels: Readonly<Record<string, string>>): LabelSelector {
  return Object.entries(labels)
    .map(([key, value]): LabelRequirement => ({ key, operator: "In", values: [value] }))
    .sort(byKey);
}

/** Whether labels fulfil the selector. */
export function matchesLabels(selector: LabelSelector, labels: Labels): boolean {
  if (selector === "nothing") return false;
  for (const requirement of selector) if (!fulfils(requirement, labels)) return false;
  return true;
}

function fulfils({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = isJsonObject(labels) ? getKey(labels, key) : undefined;
  switch (operator) {
    case "In":
      return typeof value === "string" && values.includes(value);
    case "NotIn":
      return typeof value !== "string" || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
    case "Lt": {
      const actual = parseInt64(value);
      const bound = parseInt64(values[0]);
      if (actual === undefined || bound === undefined) return false;
      return operator === "Gt" ? actual > bound : actual < bound;
    }
  }
}

/** The canonical text: keys sorted, `a=b,c in (d,e),!f`. A selector of nothing has none: `""`. */
export function formatLabelSelector(selector: LabelSelector): string {
  return selector === "nothing" ? "" : selector.map(formatRequirement).join(",");
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case "In":
      return values.length === 1 ? `${key}=${values[0] ?? ""}` : `${key} in (${values.join(",")})`;
    case "NotIn":
      return values.length === 1 ? `${key}!=${values[0] ?? ""}` : `${key} notin (${values.join(",")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "Gt":
      return `${key}>${values[0] ?? ""}`;
    case "Lt":
      return `${key}<${values[0] ?? ""}`;
  }
}

const OBJECT_OPERATORS: Readonly<Record<string, ParsedRequirement["operator"]>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};

const MEANING: Readonly<Record<ParsedRequirement["operator"], LabelOperator>> = {
  in: "In",
  "=": "In",
  "==": "In",
  notin: "NotIn",
  "!=": "NotIn",
  exists: "Exists",
  "!": "DoesNotExist",
  gt: "Gt",
  lt: "Lt",
};

function toRequirement({ key, operator, values }: ParsedRequirement): LabelRequirement {
  return { key, operator: MEANING[operator], values: [...values].sort() };
}

function byKey(left: LabelRequirement, right: LabelRequirement): number {
  if (left.key === right.key) return 0;
  return left.key < right.key ? -1 : 1;
}

function checked(requirement: ParsedRequirement): LabelRequirement {
  checkKey(requirement.key, "key");
  checkRequirement(requirement);
  return toRequirement(requirement);
}

function checkKey(key: string, field: string): void {
  const problems = labelKeyProblems(key);
  if (problems.length > 0) throw fail(`${field}: Invalid value: ${goQuote(key)}: ${problems.join("; ")}`);
}

/** Several problems read as Go prints an aggregate: `[a, b]`. */
function checkRequirement({ key, operator, values }: ParsedRequirement): void {
  const problems: string[] = [];
  const shown = `[${values.map(goQuote).join(",")}]`;
  if ((operator === "in" || operator === "notin") && values.length === 0) {
    problems.push(`values: Invalid value: ${shown}: for 'in', 'notin' operators, values set can't be empty`);
  }
  if ((operator === "exists" || operator === "!") && values.length > 0) {
    problems.push(`values: Invalid value: ${shown}: values set must be empty for exists and does not exist`);
  }
  if (operator === "gt" || operator === "lt") {
    values.forEach((value, index) => {
      if (parseInt64(value) === undefined) {
        problems.push(`values[${index}]: Invalid value: ${goQuote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
      }
    });
  }
  values.forEach((value, index) => {
    const wrong = labelValueProblems(value);
    if (wrong.length > 0) problems.push(`values[${index}][${key}]: Invalid value: ${goQuote(value)}: ${wrong.join("; ")}`);
  });
  if (problems.length === 1) throw fail(problems[0] ?? "");
  if (problems.length > 1) throw fail(`[${problems.join(", ")}]`);
}

function parseInt64(text: unknown): bigint | undefined {
  if (typeof text !== "string" || !/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : undefined;
}

function fail(message: string): KubeCoreError {
  return new KubeCoreError("INVALID_LABEL_SELECTOR", message);
}
