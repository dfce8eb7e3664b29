// SPDX-License-Identifier: Apache-2.0
import { PatternCache } from "@flux-ts/kube-core";
import type { CelEnvironment, CelExpression, CelValue } from "@flux-ts/kube-core/cel";
import {
  CelError,
  CelList,
  compile,
  fluxEnvironment,
  mapOf,
  DYN,
  STRING,
  REQUEST_COST_LIMIT,
  typeNameOf,
  writeJson,
} from "@flux-ts/kube-core/cel";

/** `INVALID`: the text is no expression that may stand here; `FAILED`: it could not be evaluated, or gave the wrong type. */
export type ExpressionErrorCode = "INVALID" | "FAILED";

/** What went wrong with an expression, in Flux's words. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly code: ExpressionErrorCode;

  constructor(code: ExpressionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface CompiledOptions {
  /** Names of the variables: objects whose fields may be anything. */
  readonly variables: readonly string[];
  /** The type that the result must be known to have, like `bool`. */
  readonly outputType?: string;
}

/** Reads expressions. Make one and keep it. */
export class Expressions {
  readonly #environment: CelEnvironment = fluxEnvironment(new PatternCache());

  /** An expression over variables that become known only when it is evaluated. @throws {ExpressionError} INVALID */
  parse(source: string): Expression {
    return new Expression(compileWith(source, this.#environment, undefined));
  }

  /** An expression whose variables and types are checked now. @throws {ExpressionError} INVALID */
  compile(source: string, { variables, outputType }: CompiledOptions): Expression {
    const compiled = compileWith(source, this.#environment, variables);
    if (outputType !== undefined && compiled.outputType !== outputType) {
      throw new ExpressionError("INVALID", `CEL expression output type mismatch: expected ${outputType}, got ${compiled.outputType}`);
    }
    return new Expression(compiled);
  }
}

/**
 * An expression of a spec: of a health check, of the readiness of a dependency, of a receiver's filter.
 *
 * @see fluxcd/pkg runtime/cel Expression
 */
export class Expression {
  readonly #compiled: CelExpression;

  constructor(compiled: CelExpression) {
    this.#compiled = compiled;
  }

  get source(): string {
    return this.#compiled.source;
  }

  /** @throws {ExpressionError} FAILED; all evaluations do, also when the result is not of the type asked for */
  evaluateBoolean(data: Readonly<Record<string, unknown>>): boolean {
    const value = this.#run(data);
    if (typeof value !== "boolean") throw new ExpressionError("FAILED", `failed to evaluate CEL expression as boolean: '${this.source}'`);
    return value;
  }

  evaluateString(data: Readonly<Record<string, unknown>>): string {
    const value = this.#run(data);
    if (typeof value !== "string") throw new ExpressionError("FAILED", `failed to evaluate CEL expression as string: '${this.source}'`);
    return value;
  }

  evaluateStrings(data: Readonly<Record<string, unknown>>): string[] {
    const value = this.#run(data);
    const fail = (problem: string): ExpressionError =>
      new ExpressionError("FAILED", `failed to evaluate CEL expression '${this.source}' as []string: ${problem}`);
    if (!(value instanceof CelList)) throw fail(unconvertible(value, "[]string"));
    return [...value].map((item) => {
      if (typeof item !== "string") throw fail(unconvertible(item, "string"));
      return item;
    });
  }

  /** The result as JSON. */
  evaluate(data: Readonly<Record<string, unknown>>): unknown {
    return writeJson(this.#run(data));
  }

  #run(data: Readonly<Record<string, unknown>>): CelValue {
    try {
      return this.#compiled.run(data, { limit: REQUEST_COST_LIMIT });
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      throw new ExpressionError("FAILED", `failed to evaluate the CEL expression '${this.source}': ${cause}`, { cause: error });
    }
  }
}

function compileWith(source: string, environment: CelEnvironment, variables: readonly string[] | undefined): CelExpression {
  const struct = mapOf(STRING, DYN);
  try {
    if (variables === undefined) return compile(source, { environment });
    return compile(source, { environment, variables: Object.fromEntries(variables.map((name) => [name, struct])) });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const isProgram = error instanceof CelError && error.code === "PROGRAM";
    const problem = isProgram ? "failed to create CEL program" : `failed to parse the CEL expression '${source}'`;
    throw new ExpressionError("INVALID", `${problem}: ${cause}`, { cause: error });
  }
}

/** @see cel-go common/types ConvertToNative */
function unconvertible(value: CelValue, target: string): string {
  if (typeof value === "string") return `unsupported native conversion from string to '${target}'`;
  if (typeof value === "bigint") return `unsupported type conversion from 'int' to ${target}`;
  if (typeof value === "number") return `type conversion error from Double to '${target}'`;
  if (value === null) return `type conversion error from 'null_type' to '${target}'`;
  return `type conversion error from ${typeNameOf(value)} to '${target}'`;
}
