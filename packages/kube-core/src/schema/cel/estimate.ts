// SPDX-License-Identifier: Apache-2.0
import type { Call, Comprehension, Expr, ListExpr, MapExpr, Select } from "./ast.ts";
import { ACCUMULATOR } from "./ast.ts";
import { COST } from "./call-cost.ts";
import type { Checked } from "./check.ts";
import type { Declared } from "./declaration.ts";
import { estimateCall } from "./estimate-call.ts";
import type { Range } from "./range.ts";
import { add, fixed, multiply, union, UNKNOWN } from "./range.ts";
import type { CelType } from "./types.ts";
import { DYN } from "./types.ts";
import { CelUint, countCharacters } from "./values.ts";

/** How large the entries of a list or map are. */
interface EntrySize {
  readonly key: Range;
  readonly value: Range;
  readonly isList: boolean;
}

/** An expression, and what is known of its value. */
export interface Estimated {
  readonly expr: Expr;
  readonly type: CelType;
  /** Where the value stands in `self`; undefined when it was computed. */
  readonly path: readonly string[] | undefined;
  readonly size: Range | undefined;
}

interface Local {
  readonly path: readonly string[] | undefined;
  readonly size: Range | undefined;
  readonly entries: EntrySize | undefined;
}

/**
 * The least and the most that evaluating an expression can cost, by the limits of the schema that `self` has.
 *
 * @see cel-go checker/cost.go
 */
export function estimateCost(expr: Expr, checked: Checked, self: Declared): Range {
  return new Estimator(checked, self).cost(expr);
}

export class Estimator {
  readonly #checked: Checked;
  readonly #self: Declared;
  readonly #paths = new Map<number, readonly string[]>();
  readonly #sizes = new Map<number, Range>();
  readonly #entries = new Map<number, EntrySize>();
  readonly #locals: { readonly name: string; readonly local: Local }[] = [];

  constructor(checked: Checked, self: Declared) {
    this.#checked = checked;
    this.#self = self;
  }

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case "literal":
        return fixed(0);
      case "ident":
        this.#setPath(expr, this.#local(expr.name)?.path ?? [expr.name]);
        return fixed(COST.access);
      case "select":
        return this.#select(expr);
      case "call":
        return this.#call(expr);
      case "list":
        return this.#list(expr);
      case "map":
        return this.#map(expr);
      case "struct":
        return fixed(40);
      case "comprehension":
        return isBinding(expr) ? this.#binding(expr) : this.#loop(expr);
    }
  }

  typeOf(expr: Expr): CelType {
    return this.#checked.types.get(expr.id) ?? DYN;
  }

  sizeOf(expr: Expr): Range | undefined {
    const known = this.#sizes.get(expr.id) ?? literalSize(expr);
    if (known !== undefined) return known;
    const declared = this.declaredAt(this.pathOf(expr));
    if (declared !== undefined) return { min: 0, max: declared.maxElements };
    const type = this.typeOf(expr);
    if (["bool", "int", "uint", "double", "timestamp", "duration", "null"].includes(type.name)) return fixed(1);
    return expr.kind === "ident" ? this.#local(expr.name)?.size : undefined;
  }

  entriesOf(expr: Expr): EntrySize | undefined {
    return this.#entries.get(expr.id) ?? (expr.kind === "ident" ? this.#local(expr.name)?.entries : undefined);
  }

  setEntries(expr: Expr, entries: EntrySize | undefined): void {
    if (entries !== undefined) this.#entries.set(expr.id, entries);
  }

  pathOf(expr: Expr): readonly string[] | undefined {
    const path = (expr.kind === "ident" ? this.#local(expr.name)?.path : undefined) ?? this.#paths.get(expr.id);
    return path?.[0] === ACCUMULATOR ? undefined : path;
  }

  /** What the schema says of a place in `self`. */
  declaredAt(path: readonly string[] | undefined): Declared | undefined {
    if (path === undefined || path.length === 0) return undefined;
    let at: Declared | undefined = this.#self;
    for (const step of path.slice(1)) {
      if (step === "@items" || step === "@values") at = at.items;
      else if (step === "@keys") at = at.items === undefined ? undefined : KEY;
      else at = at.fields?.get(step);
      if (at === undefined) return undefined;
    }
    return at;
  }

  estimated(expr: Expr): Estimated {
    return { expr, type: this.typeOf(expr), path: this.pathOf(expr), size: this.sizeOf(expr) };
  }

  #local(name: string): Local | undefined {
    return this.#locals.findLast((one) => one.name === name)?.local;
  }

  #setPath(expr: Expr, path: readonly string[] | undefined): void {
    if (path !== undefined) this.#paths.set(expr.id, path);
  }

  #select(expr: Select): Range {
    const operand = this.cost(expr.operand);
    if (expr.isTest) return operand;
    const path = this.#paths.get(expr.operand.id) ?? this.pathOf(expr.operand);
    this.#setPath(expr, path === undefined ? undefined : [...path, expr.field]);
    const { kind } = this.typeOf(expr.operand);
    return kind === "map" || kind === "object" || kind === "param" ? add(operand, fixed(COST.access)) : operand;
  }

  #call(expr: Call): Range {
    const argCosts = expr.args.map((arg) => this.cost(arg));
    if (expr.name === "dyn" && expr.args[0] !== undefined && expr.target === undefined) {
      const size = this.sizeOf(expr.args[0]);
      if (size !== undefined) this.#sizes.set(expr.id, size);
      this.setEntries(expr, this.entriesOf(expr.args[0]));
      return add(fixed(1), argCosts[0] ?? fixed(0));
    }
    const isGlobal = this.#checked.names.has(expr.id);
    const target = isGlobal ? undefined : expr.target;
    const targetCost = target === undefined ? fixed(0) : this.cost(target);
    const forms = this.#checked.overloads.get(expr.id) ?? [];
    if (forms.length === 0) return targetCost;
    const name = this.#checked.names.get(expr.id) ?? expr.name;
    let cost: Range = { min: UNKNOWN.max, max: 0 };
    let size: Range | undefined;
    for (const form of forms) {
      const found = estimateCall(this, expr, name, form, target, argCosts);
      cost = union(cost, found.cost);
      if (found.size !== undefined) size = size === undefined ? found.size : union(size, found.size);
      if (name === "_[_]" && expr.args[0] !== undefined) {
        size = this.entriesOf(expr.args[0])?.value ?? size;
        const path = this.#paths.get(expr.args[0].id) ?? this.pathOf(expr.args[0]);
        const step = form.parameters[0]?.kind === "list" ? "@items" : "@values";
        this.#setPath(expr, path === undefined ? undefined : [...path, step]);
      }
      size ??= this.sizeOf(expr);
    }
    if (size !== undefined) this.#sizes.set(expr.id, size);
    return add(targetCost, cost);
  }

  #list(expr: ListExpr): Range {
    let cost = fixed(COST.list);
    let item: Range = { min: expr.items.length === 0 ? 0 : UNKNOWN.max, max: 0 };
    for (const { value } of expr.items) {
      cost = add(cost, this.cost(value));
      item = union(item, this.sizeOf(value) ?? UNKNOWN);
    }
    this.setEntries(expr, { isList: true, key: fixed(1), value: item });
    return cost;
  }

  #map(expr: MapExpr): Range {
    let cost = fixed(COST.map);
    const none: Range = { min: expr.entries.length === 0 ? 0 : UNKNOWN.max, max: 0 };
    let [keys, values] = [none, none];
    for (const { key, value } of expr.entries) {
      cost = add(add(cost, this.cost(key)), this.cost(value));
      keys = union(keys, this.sizeOf(key) ?? UNKNOWN);
      values = union(values, this.sizeOf(value) ?? UNKNOWN);
    }
    this.setEntries(expr, { isList: false, key: keys, value: values });
    return cost;
  }

  #loop(expr: Comprehension): Range {
    let cost = add(this.cost(expr.range), this.cost(expr.start));
    const depth = this.#locals.length;
    this.#locals.push({ name: expr.accumulator, local: this.#asLocal(expr.start) });
    this.#pushLoopVariables(expr);
    const perItem = add(this.cost(expr.condition), this.cost(expr.step));
    this.#locals.length = depth + 1;
    cost = add(cost, this.cost(expr.result));
    this.#locals.length = depth;
    const count = this.sizeOf(expr.range) ?? UNKNOWN;
    if (expr.start.kind === "literal") {
      const size = this.sizeOf(expr.start);
      if (size !== undefined) this.#sizes.set(expr.id, size);
    } else if (expr.start.kind === "list" || expr.start.kind === "map") {
      this.#sizes.set(expr.id, count);
      this.setEntries(expr, this.entriesOf(expr.step));
    }
    return add(cost, multiply(count, perItem));
  }

  #pushLoopVariables(expr: Comprehension): void {
    const entries = this.entriesOf(expr.range);
    const path = this.#paths.get(expr.range.id) ?? this.pathOf(expr.range);
    const isList = entries?.isList ?? this.typeOf(expr.range).kind === "list";
    const at = (step: string): readonly string[] | undefined => (path === undefined ? undefined : [...path, step]);
    const push = (name: string, step: string, size: Range | undefined): void => {
      this.#locals.push({ name, local: { path: at(step), size, entries: undefined } });
    };
    if (expr.secondVariable === undefined) {
      push(expr.variable, isList ? "@items" : "@keys", isList ? entries?.value : entries?.key);
      return;
    }
    push(expr.variable, isList ? "@indices" : "@keys", entries?.key);
    push(expr.secondVariable, isList ? "@items" : "@values", entries?.value);
  }

  #asLocal(expr: Expr): Local {
    return { path: this.pathOf(expr), size: this.sizeOf(expr), entries: this.entriesOf(expr) };
  }

  /** A loop over nothing gives a value a name. */
  #binding(expr: Comprehension): Range {
    const cost = add(this.cost(expr.range), this.cost(expr.start));
    this.#locals.push({ name: expr.accumulator, local: this.#asLocal(expr.start) });
    const result = this.cost(expr.result);
    const size = this.sizeOf(expr.result);
    if (size !== undefined) this.#sizes.set(expr.id, size);
    this.setEntries(expr, this.entriesOf(expr.result));
    this.#locals.pop();
    return add(cost, result);
  }
}

/** Keys of maps are text of any length. */
const KEY: Declared = { type: DYN, maxElements: 0, minSize: 2 };

function isBinding(expr: Comprehension): boolean {
  const { range, condition } = expr;
  const isEmpty = range.kind === "list" && range.items.length === 0;
  return isEmpty && condition.kind === "literal" && condition.value === false && expr.accumulator !== ACCUMULATOR;
}

function literalSize(expr: Expr): Range | undefined {
  if (expr.kind === "list") return fixed(expr.items.length);
  if (expr.kind === "map") return fixed(expr.entries.length);
  if (expr.kind !== "literal") return undefined;
  const { value } = expr;
  if (typeof value === "string") return fixed(countCharacters(value));
  return fixed(value instanceof Uint8Array && !(value instanceof CelUint) ? value.length : 1);
}
