// SPDX-License-Identifier: Apache-2.0
import type { Call, Comprehension, Expr, ListExpr, MapExpr, Select } from "./ast.ts";
import { COST, callCost } from "./call-cost.ts";
import { CelError, evaluationError, noSuchOverload } from "./cel-error.ts";
import { qualifiedName } from "./check.ts";
import type { Gathering } from "./gathering.ts";
import { gatheringStep } from "./gathering.ts";
import type { FunctionTable, Overload } from "./functions.ts";
import { fits } from "./functions.ts";
import { noSuchKey } from "./library/operators.ts";
import { optionalField } from "./library/optionals.ts";
import type { CelValue } from "./values.ts";
import { ArrayList, CelList, CelMap, CelOptional, CelTypeValue, EntryMap, mapKey, scalarText, typeNameOf } from "./values.ts";

export interface Program {
  readonly expr: Expr;
  readonly functions: FunctionTable;
  /** Names of types, as they are written: `int`, `net.IP`. */
  readonly typeNames: ReadonlyMap<string, string>;
}

export interface Evaluation {
  readonly value: CelValue;
  /** In the units of CEL. */
  readonly cost: number;
}

/** Variables by name. A value may be made when it is asked for, and that may fail. */
export interface Variables {
  get(name: string): CelValue | undefined;
  has(name: string): boolean;
}

/** Evaluates an expression. `limit` bounds the cost. @throws {FailedEvaluation} EVALUATION, COST */
export function interpret(program: Program, variables: Variables, limit: number): Evaluation {
  const interpreter = new Interpreter(program, limit);
  const value = interpreter.run(variables);
  return { value, cost: interpreter.cost };
}

/** What a name stands for within a loop: accumulators may be errors, until something needs their value. */
interface Scope {
  readonly name: string;
  value: CelValue | CelError;
  readonly parent: Scope | undefined;
}

class Interpreter {
  cost = 0;
  readonly #program: Program;
  readonly #limit: number;
  #variables: Variables = new Map<string, CelValue>();
  #scope: Scope | undefined;

  constructor(program: Program, limit: number) {
    this.#program = program;
    this.#limit = limit;
  }

  run(variables: Variables): CelValue {
    this.#variables = variables;
    try {
      return this.#evaluate(this.#program.expr);
    } catch (error) {
      throw error instanceof CelError ? new FailedEvaluation(error, this.cost) : error;
    }
  }

  #spend(cost: number): void {
    this.cost += cost;
    if (this.cost > this.#limit) throw new CelError("COST", "operation cancelled: actual cost limit exceeded");
  }

  #evaluate(expr: Expr): CelValue {
    switch (expr.kind) {
      case "literal":
        return expr.value;
      case "ident":
        return this.#look(expr.name);
      case "select":
        return this.#select(expr);
      case "call":
        return this.#call(expr);
      case "list":
        return this.#list(expr);
      case "map":
        return this.#map(expr);
      case "struct":
        throw evaluationError(`unknown type: ${expr.name}`);
      case "comprehension":
        return this.#loop(expr);
    }
  }

  #look(written: string): CelValue {
    this.#spend(COST.access);
    const isRooted = written.startsWith(".");
    const name = isRooted ? written.slice(1) : written;
    if (!isRooted) {
      for (let scope = this.#scope; scope !== undefined; scope = scope.parent) {
        if (scope.name !== name) continue;
        if (scope.value instanceof CelError) throw scope.value;
        return scope.value;
      }
    }
    const value = this.#variables.get(name);
    if (value !== undefined) return value;
    const type = this.#program.typeNames.get(name);
    if (type !== undefined) return new CelTypeValue(type);
    throw evaluationError(`no such attribute(s): ${name}`);
  }

  #isBound(name: string): boolean {
    for (let scope = this.#scope; scope !== undefined; scope = scope.parent) if (scope.name === name) return true;
    return this.#variables.has(name);
  }

  #select(expr: Select): CelValue {
    const name = expr.isTest ? undefined : qualifiedName(expr);
    const type = name === undefined ? undefined : this.#program.typeNames.get(name.replace(/^\./, ""));
    if (type !== undefined && !this.#isBound(name?.split(".")[0] ?? "")) return new CelTypeValue(type);
    const operand = this.#evaluate(expr.operand);
    if (expr.isTest) return isPresent(operand, expr.field);
    this.#spend(COST.access);
    if (operand instanceof CelMap) {
      const value = operand.get(expr.field);
      if (value === undefined) throw noSuchKey(expr.field);
      return value;
    }
    if (operand instanceof CelOptional) return selectOptional(operand, expr.field);
    throw operand instanceof CelList ? evaluationError("unsupported index type 'string' in list") : noSuchKey(expr.field);
  }

  #call(expr: Call): CelValue {
    switch (expr.name) {
      case "_&&_":
        return this.#logic(expr, false);
      case "_||_":
        return this.#logic(expr, true);
      case "_?:_":
      case "_?_:_":
        return this.#conditional(expr);
      case "@not_strictly_false":
        return this.#notStrictlyFalse(expr);
      case "_?._":
        return this.#optionalSelect(expr);
      case "or":
      case "orValue":
        if (expr.target !== undefined && expr.args.length === 1) return this.#orElse(expr, expr.target);
        break;
      default:
    }
    const { name, forms, target } = this.#find(expr);
    const args = (target === undefined ? expr.args : [target, ...expr.args]).map((arg) => this.#evaluate(arg));
    return this.#apply(name, forms, args, target !== undefined);
  }

  /** Which function a call means: `a.b.c()` may be `c` of `a.b`, or a function with dots in its name. */
  #find(expr: Call): { readonly name: string; readonly forms: readonly Overload[]; readonly target: Expr | undefined } {
    const { functions } = this.#program;
    const prefix = expr.target === undefined ? undefined : qualifiedName(expr.target);
    const name = expr.name.replace(/^\./, "");
    const qualified = prefix === undefined ? undefined : `${prefix.replace(/^\./, "")}.${name}`;
    const global = qualified === undefined ? undefined : functions.get(qualified);
    if (qualified !== undefined && global !== undefined) return { name: qualified, forms: global, target: undefined };
    const forms = functions.get(name);
    if (forms === undefined) throw evaluationError(`no such overload: ${name}`);
    return { name, forms, target: expr.target };
  }

  #apply(name: string, forms: readonly Overload[], args: readonly CelValue[], isMember: boolean): CelValue {
    for (const form of forms) {
      if (form.isMember !== isMember || form.parameters.length !== args.length || form.run === undefined) continue;
      if (!form.parameters.every((type, index) => fits(args[index] ?? null, type))) continue;
      const result = form.run(...args);
      this.#spend(callCost(name, form, args, result));
      return result;
    }
    throw describeCall(name, args);
  }

  /** `&&` is false, `||` true as soon as one side is, also when the other side fails. */
  #logic({ args }: Call, decisive: boolean): CelValue {
    const [left, right] = args;
    if (left === undefined || right === undefined) throw noSuchOverload();
    const first = this.#attempt(left);
    if (first === decisive) return decisive;
    const second = this.#attempt(right);
    if (second === decisive) return decisive;
    for (const side of [first, second]) {
      if (side instanceof CelError) throw side;
      if (typeof side !== "boolean") throw noSuchOverload();
    }
    return !decisive;
  }

  /** The value, or the error that there is instead. */
  #attempt(expr: Expr): CelValue | CelError {
    const scope = this.#scope;
    try {
      return this.#evaluate(expr);
    } catch (error) {
      if (!(error instanceof CelError) || error.code !== "EVALUATION") throw error;
      this.#scope = scope;
      return error;
    }
  }

  #conditional({ args }: Call): CelValue {
    const [condition, yes, no] = args;
    if (condition === undefined || yes === undefined || no === undefined) throw noSuchOverload();
    const value = this.#evaluate(condition);
    if (typeof value !== "boolean") throw noSuchOverload();
    const branch = value ? yes : no;
    const before = this.cost;
    const result = this.#evaluate(branch);
    // A branch that is a variable or a field of one costs nothing.
    if (isAttribute(branch)) this.cost = before;
    return result;
  }

  #notStrictlyFalse({ args }: Call): boolean {
    const [arg] = args;
    this.#spend(1);
    return arg === undefined || this.#attempt(arg) !== false;
  }

  #optionalSelect({ args }: Call): CelValue {
    const [operand, field] = args;
    if (operand === undefined || field?.kind !== "literal" || typeof field.value !== "string") throw noSuchOverload();
    const value = this.#evaluate(operand);
    const found =
      value instanceof CelOptional
        ? selectOptional(value, field.value)
        : value instanceof CelMap
          ? optionalField(value, field.value)
          : undefined;
    if (found === undefined) throw noSuchOverload();
    if (found.value !== undefined) this.#spend(COST.access);
    return found;
  }

  #orElse({ name, args }: Call, target: Expr): CelValue {
    const optional = this.#evaluate(target);
    const [other] = args;
    if (!(optional instanceof CelOptional) || other === undefined) throw noSuchOverload();
    if (optional.value !== undefined) return name === "or" ? optional : optional.value;
    const value = this.#evaluate(other);
    if (name === "or" && !(value instanceof CelOptional)) throw noSuchOverload();
    return value;
  }

  #list({ items }: ListExpr): CelValue {
    const values: CelValue[] = [];
    for (const { value, isOptional } of items) {
      const item = this.#evaluate(value);
      if (!isOptional) values.push(item);
      else if (!(item instanceof CelOptional)) throw evaluationError("cannot initialize optional list element from non-optional value");
      else if (item.value !== undefined) values.push(item.value);
    }
    this.#spend(COST.list);
    return new ArrayList(values);
  }

  #map({ entries }: MapExpr): CelValue {
    const pairs: (readonly [CelValue, CelValue])[] = [];
    const seen = new Set<string>();
    for (const { key, value, isOptional } of entries) {
      const name = this.#evaluate(key);
      const field = this.#evaluate(value);
      const text = mapKey(name);
      if (text === undefined) throw evaluationError("unsupported key type");
      if (isOptional && !(field instanceof CelOptional)) throw evaluationError("cannot initialize optional entry from non-optional value");
      const found = isOptional && field instanceof CelOptional ? field.value : field;
      if (found === undefined) continue;
      if (seen.has(text)) throw evaluationError(`Failed with repeated key: ${scalarText(name)}`);
      seen.add(text);
      pairs.push([name, found]);
    }
    this.#spend(COST.map);
    return new EntryMap(pairs);
  }

  #loop(expr: Comprehension): CelValue {
    const outer = this.#scope;
    const range = this.#evaluate(expr.range);
    if (!(range instanceof CelList) && !(range instanceof CelMap && !range.isObject)) {
      throw evaluationError(`got '${goTypeOf(range)}', expected iterable type`);
    }
    const gathers = gatheringStep(expr);
    const start = this.#attempt(expr.start);
    const gathered: CelValue[] = [];
    const accumulator: Scope = { name: expr.accumulator, value: start, parent: outer };
    try {
      for (const [first, second] of pairsOf(range, expr.secondVariable !== undefined)) {
        this.#scope = { name: expr.variable, value: first, parent: accumulator };
        if (expr.secondVariable !== undefined) this.#scope = { name: expr.secondVariable, value: second, parent: this.#scope };
        if (this.#evaluate(expr.condition) !== true) break;
        if (gathers === undefined) accumulator.value = this.#attempt(expr.step);
        else if (!(accumulator.value instanceof CelError)) accumulator.value = this.#gather(gathers, gathered) ?? accumulator.value;
      }
      this.#scope = accumulator;
      if (gathers !== undefined && !(accumulator.value instanceof CelError)) accumulator.value = new ArrayList(gathered);
      return this.#evaluate(expr.result);
    } finally {
      this.#scope = outer;
    }
  }

  /** Adds to the list that `map` and `filter` make, in place. Gives the error when there is one. */
  #gather({ filter, item }: Gathering, gathered: CelValue[]): CelError | undefined {
    if (filter !== undefined) {
      const kept = this.#attempt(filter);
      if (kept instanceof CelError) return kept;
      if (typeof kept !== "boolean") return noSuchOverload();
      if (!kept) return undefined;
    }
    const value = this.#attempt(item);
    if (value instanceof CelError) return value;
    this.#spend(COST.access + COST.list + 1);
    gathered.push(value);
    return undefined;
  }
}

/** An evaluation that failed, and what it had cost by then. */
export class FailedEvaluation extends CelError {
  readonly cost: number;

  constructor(error: CelError, cost: number) {
    super(error.code, error.message);
    this.cost = cost;
  }
}

function isAttribute(expr: Expr): boolean {
  return expr.kind === "ident" || (expr.kind === "select" && !expr.isTest && isAttribute(expr.operand));
}

/** Operators do not say what they were given. */
function describeCall(name: string, args: readonly CelValue[]): CelError {
  return /^[a-z]/i.test(name) ? evaluationError(`no such overload: ${name}(${args.map(typeNameOf).join(", ")})`) : noSuchOverload();
}

/** The name of the type in cel-go. */
function goTypeOf(value: CelValue): string {
  const name = typeNameOf(value).replace("_type", "").replace(/^.*\./, "");
  return `types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

type Loaded = CelValue | CelError;

/** An item that is not what its schema says is an error only for who looks at it. */
function* pairsOf(range: CelList | CelMap, hasSecond: boolean): Generator<readonly [Loaded, Loaded]> {
  if (range instanceof CelList) {
    for (let index = 0; index < range.size; index++) {
      const item = orError(() => range.at(index));
      yield hasSecond ? [BigInt(index), item] : [item, null];
    }
    return;
  }
  for (const key of range.keys()) yield [key, hasSecond ? orError(() => range.get(key) ?? null) : null];
}

function orError(read: () => CelValue): Loaded {
  try {
    return read();
  } catch (error) {
    if (error instanceof CelError) return error;
    throw error;
  }
}

function isPresent(operand: CelValue, field: string): boolean {
  if (operand instanceof CelMap) return operand.get(field) !== undefined;
  if (operand instanceof CelOptional) return operand.value !== undefined && isPresent(operand.value, field);
  return false;
}

function selectOptional(optional: CelOptional, field: string): CelOptional {
  if (optional.value === undefined) return optional;
  if (optional.value instanceof CelMap) return optionalField(optional.value, field);
  throw noSuchOverload();
}
