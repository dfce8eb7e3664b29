// SPDX-License-Identifier: Apache-2.0
import type { Call, Comprehension, Expr, ListExpr, MapExpr, Select, Struct } from "./ast.ts";
import type { Issue } from "./cel-error.ts";
import type { FunctionTable, Overload } from "./functions.ts";
import type { CelType, Substitutions } from "./types.ts";
import {
  assign,
  BOOL,
  BYTES,
  DOUBLE,
  DYN,
  ERROR,
  formatArguments,
  formatType,
  INT,
  isSameType,
  isWild,
  listOf,
  mapOf,
  mostGeneral,
  NULL,
  optionalOf,
  paramType,
  STRING,
  substitute,
  UINT,
} from "./types.ts";
import type { CelValue } from "./values.ts";
import { CelUint } from "./values.ts";

export interface CheckEnvironment {
  readonly functions: FunctionTable;
  /** Variables, and names of types. */
  readonly variables: ReadonlyMap<string, CelType>;
}

export interface Checked {
  readonly issues: readonly Issue[];
  readonly type: CelType;
  /** Of each node, by id. */
  readonly types: ReadonlyMap<number, CelType>;
  /** The forms that a call can be, by id. */
  readonly overloads: ReadonlyMap<number, readonly Overload[]>;
  /** Calls whose target is only part of the function's name, and selections that are one name. */
  readonly names: ReadonlyMap<number, string>;
}

/** Finds the types of an expression, and what cannot be. @see cel-go checker.Check */
export function check(expr: Expr, environment: CheckEnvironment): Checked {
  const checker = new Checker(environment);
  checker.check(expr);
  return checker.finish(expr);
}

class Checker {
  readonly #environment: CheckEnvironment;
  readonly #issues: Issue[] = [];
  readonly #types = new Map<number, CelType>();
  readonly #overloads = new Map<number, readonly Overload[]>();
  readonly #names = new Map<number, string>();
  #scopes: ReadonlyMap<string, CelType>[] = [];
  #known: Substitutions = new Map();
  #freeCount = 0;

  constructor(environment: CheckEnvironment) {
    this.#environment = environment;
  }

  finish(expr: Expr): Checked {
    const types = new Map([...this.#types].map(([id, type]) => [id, substitute(this.#known, type, true)] as const));
    return {
      issues: this.#issues,
      type: types.get(expr.id) ?? ERROR,
      types,
      overloads: this.#overloads,
      names: this.#names,
    };
  }

  check(expr: Expr): CelType {
    const type = this.#typeOf(expr);
    this.#types.set(expr.id, type);
    return type;
  }

  #typeOf(expr: Expr): CelType {
    switch (expr.kind) {
      case "literal":
        return literalType(expr.value);
      case "ident":
        return this.#lookUp(expr.name) ?? this.#undeclared(expr, expr.name.replace(/^\./, ""));
      case "select":
        return this.#checkSelect(expr);
      case "call":
        return expr.name === "_?._" ? this.#checkOptionalSelect(expr) : this.#checkCall(expr);
      case "list":
        return this.#checkList(expr);
      case "map":
        return this.#checkMap(expr);
      case "struct":
        return this.#checkStruct(expr);
      case "comprehension":
        return this.#checkComprehension(expr);
    }
  }

  #tell(at: number, message: string): void {
    this.#issues.push({ at, message });
  }

  #undeclared(expr: Expr, name: string): CelType {
    this.#tell(expr.at, `undeclared reference to '${name}' (in container '')`);
    return ERROR;
  }

  #lookUp(name: string): CelType | undefined {
    for (let index = this.#scopes.length - 1; index >= 0; index--) {
      const found = this.#scopes[index]?.get(name);
      if (found !== undefined) return found;
    }
    return this.#environment.variables.get(name.replace(/^\./, ""));
  }

  #free(): CelType {
    return paramType(`_var${this.#freeCount++}`);
  }

  #isAssignable(from: CelType, to: CelType): boolean {
    const found = assign(this.#known, [from], [to]);
    if (found !== undefined) this.#known = found;
    return found !== undefined;
  }

  #checkSelect(expr: Select): CelType {
    const name = expr.isTest ? undefined : qualifiedName(expr);
    const known = name === undefined ? undefined : this.#lookUp(name);
    if (name !== undefined && known !== undefined) {
      this.#names.set(expr.id, name.replace(/^\./, ""));
      return known;
    }
    const type = this.#fieldType(expr, expr.operand, expr.field, false);
    return expr.isTest ? BOOL : substitute(this.#known, type, false);
  }

  #checkOptionalSelect(expr: Call): CelType {
    const [operand, field] = expr.args;
    if (operand === undefined || field?.kind !== "literal" || typeof field.value !== "string") return ERROR;
    this.#types.set(field.id, STRING);
    return substitute(this.#known, this.#fieldType(expr, operand, field.value, true), false);
  }

  #fieldType(expr: Expr, operand: Expr, field: string, isOptional: boolean): CelType {
    const found = substitute(this.#known, this.check(operand), false);
    const wraps = found.name === "optional_type" && found.kind === "opaque";
    const target = wraps ? (found.parameters[0] ?? DYN) : found;
    const type = this.#selected(expr, target, field);
    return wraps || isOptional ? optionalOf(type) : type;
  }

  #selected(expr: Expr, target: CelType, field: string): CelType {
    switch (target.kind) {
      case "map":
        return target.parameters[1] ?? DYN;
      case "object": {
        const type = target.fields?.get(field);
        if (type === undefined) this.#tell(expr.at, `undefined field '${field}'`);
        return type ?? ERROR;
      }
      case "param":
        this.#isAssignable(DYN, target);
        return DYN;
      default:
        if (!isWild(target)) this.#tell(expr.at, `type '${formatType(target)}' does not support field selection`);
        return DYN;
    }
  }

  #checkCall(expr: Call): CelType {
    for (const arg of expr.args) this.check(arg);
    if (expr.target === undefined) {
      const name = expr.name.replace(/^\./, "");
      const forms = this.#environment.functions.get(name);
      return forms === undefined ? this.#undeclared(expr, name) : this.#resolve(expr, name, forms, undefined);
    }
    const prefix = qualifiedName(expr.target);
    if (prefix !== undefined) {
      const name = `${prefix.replace(/^\./, "")}.${expr.name}`;
      const forms = this.#environment.functions.get(name);
      if (forms !== undefined) {
        this.#names.set(expr.id, name);
        return this.#resolve(expr, name, forms, undefined);
      }
    }
    this.check(expr.target);
    const forms = this.#environment.functions.get(expr.name);
    return forms === undefined ? this.#undeclared(expr, expr.name) : this.#resolve(expr, expr.name, forms, expr.target);
  }

  #resolve(expr: Call, name: string, forms: readonly Overload[], target: Expr | undefined): CelType {
    const args = (target === undefined ? expr.args : [target, ...expr.args]).map((arg) => this.#types.get(arg.id) ?? ERROR);
    if (name === "_&&_" || name === "_||_") return this.#checkLogic(expr, args, forms);
    const found: Overload[] = [];
    let result: CelType | undefined;
    for (const form of forms) {
      if (form.isHidden === true) continue;
      if (form.isMember !== (target !== undefined)) continue;
      const [resultType, ...parameters] = this.#instantiate(form);
      const known = assign(this.#known, args, parameters);
      if (known === undefined || resultType === undefined) continue;
      this.#known = known;
      found.push(form);
      const type = substitute(known, resultType, false);
      if (result === undefined) result = type;
      else if (result.kind !== "dyn" && !isSameType(type, result)) result = DYN;
    }
    if (result === undefined) {
      const shown = args.map((arg) => substitute(this.#known, arg, true));
      this.#tell(expr.at, `found no matching overload for '${name}' applied to '${formatArguments(shown, target !== undefined)}'`);
      return ERROR;
    }
    this.#overloads.set(expr.id, found);
    return result;
  }

  #checkLogic(expr: Call, args: readonly CelType[], forms: readonly Overload[]): CelType {
    let isValid = true;
    for (const [index, arg] of args.entries()) {
      if (this.#isAssignable(arg, BOOL)) continue;
      this.#tell(expr.args[index]?.at ?? expr.at, `expected type 'bool' but found '${formatType(arg)}'`);
      isValid = false;
    }
    this.#overloads.set(expr.id, forms);
    return isValid ? BOOL : ERROR;
  }

  /** The result and the parameters of a form, its type parameters made free ones. */
  #instantiate(form: Overload): readonly CelType[] {
    const fresh = new Map<string, CelType>();
    const rename = (type: CelType): CelType => {
      if (type.kind === "param") {
        const known = fresh.get(type.name) ?? this.#free();
        fresh.set(type.name, known);
        return known;
      }
      return type.parameters.length === 0 ? type : { ...type, parameters: type.parameters.map(rename) };
    };
    const parameters = form.parameters.map(rename);
    return [rename(form.result), ...parameters];
  }

  #checkList(expr: ListExpr): CelType {
    let type: CelType | undefined;
    for (const { value, isOptional } of expr.items) {
      const found = this.check(value);
      type = this.#join(type, isOptional ? this.#unwrapped(value, found) : found);
    }
    return listOf(type ?? this.#free());
  }

  #unwrapped(expr: Expr, type: CelType): CelType {
    if (type.kind === "opaque" && type.name === "optional_type") return type.parameters[0] ?? DYN;
    if (type.kind !== "dyn") this.#mismatch(expr, optionalOf(type), type);
    return type;
  }

  #checkMap(expr: MapExpr): CelType {
    let keyType: CelType | undefined;
    let valueType: CelType | undefined;
    for (const { key, value, isOptional } of expr.entries) {
      keyType = this.#join(keyType, this.check(key));
      const found = this.check(value);
      valueType = this.#join(valueType, isOptional ? this.#unwrapped(value, found) : found);
    }
    return mapOf(keyType ?? this.#free(), valueType ?? this.#free());
  }

  /** A literal that holds values of several types holds any: where it may not, {@link literalIssues} tells. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    return this.#isAssignable(previous, current) ? mostGeneral(previous, current) : DYN;
  }

  #mismatch(expr: Expr, expected: CelType, found: CelType): void {
    const [wanted, actual] = [expected, found].map((type) => formatType(substitute(this.#known, type, false)));
    this.#tell(expr.at, `expected type '${wanted}' but found '${actual}'`);
  }

  #checkStruct(expr: Struct): CelType {
    for (const { value } of expr.fields) this.check(value);
    const name = expr.name.replace(/^\./, "");
    const known = this.#lookUp(name);
    if (known === undefined) return this.#undeclared(expr, name);
    this.#tell(
      expr.at,
      known.kind === "type" ? `'${formatType(known.parameters[0] ?? DYN)}' is not a message type` : `'${formatType(known)}' is not a type`,
    );
    return ERROR;
  }

  #checkComprehension(expr: Comprehension): CelType {
    const range = substitute(this.#known, this.check(expr.range), false);
    const start = this.check(expr.start);
    this.#scopes.push(new Map([[expr.accumulator, start]]));
    const [first, second] = this.#loopTypes(expr, range);
    const variables = new Map([[expr.variable, first]]);
    if (expr.secondVariable !== undefined) variables.set(expr.secondVariable, second);
    this.#scopes.push(variables);
    this.#assert(expr.condition, BOOL);
    this.#assert(expr.step, start);
    this.#scopes.pop();
    const result = this.check(expr.result);
    this.#scopes.pop();
    return substitute(this.#known, result, false);
  }

  #loopTypes(expr: Comprehension, range: CelType): readonly [CelType, CelType] {
    const hasSecond = expr.secondVariable !== undefined;
    const [first = DYN, second = DYN] = range.parameters;
    switch (range.kind) {
      case "list":
        return hasSecond ? [INT, first] : [first, first];
      case "map":
        return [first, second];
      case "dyn":
      case "error":
      case "param":
        this.#isAssignable(DYN, range);
        return [DYN, DYN];
      default: {
        const text = `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`;
        this.#tell(expr.range.at, text);
        return [ERROR, ERROR];
      }
    }
  }

  #assert(expr: Expr, type: CelType): void {
    const found = this.check(expr);
    if (!this.#isAssignable(type, found)) this.#mismatch(expr, type, found);
  }
}

/** `a.b.c` of selections from a name; undefined for anything else. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === "ident") return expr.name;
  if (expr.kind !== "select" || expr.isTest) return undefined;
  const prefix = qualifiedName(expr.operand);
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
}

function literalType(value: CelValue): CelType {
  switch (typeof value) {
    case "boolean":
      return BOOL;
    case "bigint":
      return INT;
    case "number":
      return DOUBLE;
    case "string":
      return STRING;
    default:
      if (value === null) return NULL;
      return value instanceof CelUint ? UINT : BYTES;
  }
}
