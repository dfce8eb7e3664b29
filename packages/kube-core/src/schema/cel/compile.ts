// SPDX-License-Identifier: Apache-2.0
import type { Expr } from "./ast.ts";
import { CelError, describeIssues } from "./cel-error.ts";
import type { Checked } from "./check.ts";
import { check } from "./check.ts";
import type { CelEnvironment } from "./environment.ts";
import { foldConstants } from "./fold.ts";
import type { Variables } from "./interpret.ts";
import { interpret } from "./interpret.ts";
import { readJson } from "./json-values.ts";
import { literalIssues } from "./literal-issues.ts";
import { parse } from "./parse.ts";
import type { CelType } from "./types.ts";
import { DYN, formatType } from "./types.ts";
import type { CelValue } from "./values.ts";

export interface CompileOptions {
  readonly environment: CelEnvironment;
  /** The types of variables. Absent: the expression is parsed only, and its types come out when it is evaluated. */
  readonly variables?: Readonly<Record<string, CelType>>;
}

export interface RunOptions {
  /** What the evaluation may cost; default 1,000,000, what Kubernetes grants one expression. */
  readonly limit?: number;
}

/** The cost that Kubernetes grants one expression. @see k8s.io/apiserver pkg/apis/cel PerCallLimit */
export const CALL_COST_LIMIT = 1_000_000;

/** An expression, compiled. */
export class CelExpression {
  readonly source: string;
  readonly expr: Expr;
  /** Of checked expressions. */
  readonly checked: Checked | undefined;
  readonly #environment: CelEnvironment;
  readonly #folded: Expr;
  readonly #typeNames: ReadonlyMap<string, string>;

  constructor(source: string, expr: Expr, checked: Checked | undefined, environment: CelEnvironment) {
    this.source = source;
    this.expr = expr;
    this.checked = checked;
    this.#environment = environment;
    this.#folded = foldConstants(expr, environment.functions);
    this.#typeNames = new Map([...environment.typeNames.keys()].map((name) => [name, name]));
  }

  /** `bool`, `list(string)`; `dyn` of what was parsed only. */
  get outputType(): string {
    return formatType(this.checked?.type ?? DYN);
  }

  /** @throws {CelError} EVALUATION, COST; it tells the `cost` so far */
  evaluate(variables: Variables, { limit = CALL_COST_LIMIT }: RunOptions = {}): { value: CelValue; cost: number } {
    return interpret({ expr: this.#folded, functions: this.#environment.functions, typeNames: this.#typeNames }, variables, limit);
  }

  /** Evaluates with variables of plain JSON; whole numbers are integers. @throws as {@link evaluate} */
  run(variables: Readonly<Record<string, unknown>>, options: RunOptions = {}): CelValue {
    const values = new Map(Object.entries(variables).map(([name, value]) => [name, readJson(value)]));
    return this.evaluate(values, options).value;
  }
}

/**
 * Compiles an expression.
 *
 * @throws {CelError} COMPILE: the issues, as cel-go prints them; PROGRAM
 * @see cel-go Env.Compile; without variables Env.Parse
 */
export function compile(source: string, { environment, variables }: CompileOptions): CelExpression {
  const { expr, issues } = parse(source, environment);
  if (expr === undefined || issues.length > 0) throw new CelError("COMPILE", describeIssues(source, issues));
  if (variables === undefined) return new CelExpression(source, expr, undefined, environment);
  const known = new Map([...environment.typeNames, ...Object.entries(variables)]);
  const checked = check(expr, { functions: environment.functions, variables: known });
  const found = checked.issues.length > 0 ? checked.issues : literalIssues(expr, checked, environment);
  if (found.length > 0) {
    const sorted = found.toSorted((left, right) => left.at - right.at);
    throw new CelError("COMPILE", describeIssues(source, sorted));
  }
  return new CelExpression(source, expr, checked, environment);
}
