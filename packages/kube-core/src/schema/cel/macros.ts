// SPDX-License-Identifier: Apache-2.0
import type { Expr } from "./ast.ts";
import { ACCUMULATOR } from "./ast.ts";
import type { Issue } from "./cel-error.ts";
import type { ParseOptions } from "./parse.ts";
import type { CelValue } from "./values.ts";

export interface MacroCall {
  readonly at: number;
  readonly name: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  readonly options: ParseOptions;
}

export interface MacroHost {
  nextId(): number;
  tell(issue: Issue): void;
}

/**
 * What a macro becomes; undefined when the call is none.
 *
 * @see cel-go parser/macro.go, ext/comprehensions.go, cel/library.go (optMap), ext/lists.go (sortBy)
 */
export function expandMacro(call: MacroCall, host: MacroHost): Expr | undefined {
  const { target, args, name } = call;
  const build = new Builder(call.at, host);
  if (target === undefined) return name === "has" && args.length === 1 ? expandHas(build, args[0]) : undefined;
  const [first, second, third, fourth] = args;
  if (first === undefined || second === undefined) return undefined;
  switch (`${name}/${args.length}`) {
    case "all/2":
    case "exists/2":
    case "exists_one/2":
    case "existsOne/2": {
      const variable = variableOf(build, first, "argument must be a simple name");
      return variable === undefined ? FAILED : quantify(build, name, { variable, range: target }, second);
    }
    case "map/2":
    case "map/3":
    case "filter/2": {
      const variable = variableOf(build, first, "argument is not an identifier");
      if (variable === undefined) return FAILED;
      if (name === "filter") return collect(build, { variable, range: target }, first, second);
      return third === undefined
        ? collect(build, { variable, range: target }, second)
        : collect(build, { variable, range: target }, third, second);
    }
    case "optMap/2":
    case "optFlatMap/2":
      return call.options.hasOptionals ? expandOptional(build, name, target, first, second) : undefined;
    case "sortBy/2":
      return call.options.hasTwoVariableMacros ? expandSortBy(build, target, first, second) : undefined;
    default:
  }
  if (!call.options.hasTwoVariableMacros || third === undefined) return undefined;
  const loop = (): Loop | undefined => twoVariables(build, target, first, second);
  switch (`${name}/${args.length}`) {
    case "all/3":
    case "exists/3":
    case "exists_one/3":
    case "existsOne/3": {
      const found = loop();
      return found === undefined ? FAILED : quantify(build, name, found, third);
    }
    case "transformList/3":
    case "transformList/4": {
      const found = loop();
      if (found === undefined) return FAILED;
      return fourth === undefined ? collect(build, found, third) : collect(build, found, fourth, third);
    }
    case "transformMap/3":
    case "transformMap/4":
    case "transformMapEntry/3":
    case "transformMapEntry/4": {
      const found = loop();
      return found === undefined ? FAILED : gather(build, name, found, fourth ?? third, fourth === undefined ? undefined : third);
    }
    default:
      return undefined;
  }
}

/** Stands for what could not be expanded: its issue is told. */
const FAILED: Expr = { kind: "literal", id: -1, at: 0, value: false };

interface Loop {
  readonly variable: string;
  readonly secondVariable?: string;
  readonly range: Expr;
}

class Builder {
  readonly at: number;
  readonly #host: MacroHost;

  constructor(at: number, host: MacroHost) {
    this.at = at;
    this.#host = host;
  }

  tell(at: number, message: string): void {
    this.#host.tell({ at, message });
  }

  #node(): { id: number; at: number } {
    return { id: this.#host.nextId(), at: this.at };
  }

  literal(value: CelValue): Expr {
    return { kind: "literal", ...this.#node(), value };
  }

  ident(name: string): Expr {
    return { kind: "ident", ...this.#node(), name };
  }

  accumulator(): Expr {
    return this.ident(ACCUMULATOR);
  }

  call(name: string, args: readonly Expr[], target?: Expr): Expr {
    return { kind: "call", ...this.#node(), name, args, target };
  }

  list(...items: readonly Expr[]): Expr {
    return { kind: "list", ...this.#node(), items: items.map((value) => ({ value, isOptional: false })) };
  }

  emptyMap(): Expr {
    return { kind: "map", ...this.#node(), entries: [] };
  }

  test(operand: Expr, field: string): Expr {
    return { kind: "select", ...this.#node(), operand, field, isTest: true };
  }

  fold(loop: Loop, start: Expr, condition: Expr, step: Expr, result: Expr, accumulator = ACCUMULATOR): Expr {
    const { variable, secondVariable, range } = loop;
    return { kind: "comprehension", ...this.#node(), variable, secondVariable, range, accumulator, start, condition, step, result };
  }

  /** The same expression with ids of its own. */
  copy(expr: Expr): Expr {
    return this.#copy(expr);
  }

  #copy(expr: Expr): Expr {
    const { id } = this.#node();
    switch (expr.kind) {
      case "literal":
      case "ident":
        return { ...expr, id };
      case "select":
        return { ...expr, id, operand: this.#copy(expr.operand) };
      case "call":
        return {
          ...expr,
          id,
          target: expr.target === undefined ? undefined : this.#copy(expr.target),
          args: expr.args.map((arg) => this.#copy(arg)),
        };
      case "list":
        return { ...expr, id, items: expr.items.map((item) => ({ ...item, value: this.#copy(item.value) })) };
      case "map":
        return {
          ...expr,
          id,
          entries: expr.entries.map((entry) => ({ ...entry, key: this.#copy(entry.key), value: this.#copy(entry.value) })),
        };
      case "struct":
        return { ...expr, id, fields: expr.fields.map((field) => ({ ...field, value: this.#copy(field.value) })) };
      case "comprehension":
        return {
          ...expr,
          id,
          range: this.#copy(expr.range),
          start: this.#copy(expr.start),
          condition: this.#copy(expr.condition),
          step: this.#copy(expr.step),
          result: this.#copy(expr.result),
        };
    }
  }
}

function expandHas(build: Builder, arg: Expr | undefined): Expr {
  if (arg?.kind === "select" && !arg.isTest) return build.test(arg.operand, arg.field);
  build.tell(arg?.at ?? build.at, "invalid argument to has() macro");
  return FAILED;
}

function variableOf(build: Builder, arg: Expr, message: string): string | undefined {
  if (arg.kind === "ident" && arg.name !== ACCUMULATOR && !arg.name.startsWith(".")) {
    if (arg.name !== "__result__") return arg.name;
    build.tell(arg.at, "iteration variable overwrites accumulator variable");
  } else build.tell(arg.at, message);
  return undefined;
}

function twoVariables(build: Builder, range: Expr, first: Expr, second: Expr): Loop | undefined {
  const variable = variableOf(build, first, "argument must be a simple name");
  const secondVariable = variable === undefined ? undefined : variableOf(build, second, "argument must be a simple name");
  if (variable === undefined || secondVariable === undefined) return undefined;
  if (variable !== secondVariable) return { variable, secondVariable, range };
  build.tell(second.at, `duplicate variable name: ${variable}`);
  return undefined;
}

function quantify(build: Builder, name: string, loop: Loop, predicate: Expr): Expr {
  const accumulator = build.accumulator();
  switch (name) {
    case "all":
      return build.fold(
        loop,
        build.literal(true),
        build.call("@not_strictly_false", [accumulator]),
        build.call("_&&_", [build.accumulator(), predicate]),
        build.accumulator(),
      );
    case "exists":
      return build.fold(
        loop,
        build.literal(false),
        build.call("@not_strictly_false", [build.call("!_", [accumulator])]),
        build.call("_||_", [build.accumulator(), predicate]),
        build.accumulator(),
      );
    default: {
      const counted = build.call("_+_", [build.accumulator(), build.literal(1n)]);
      return build.fold(
        loop,
        build.literal(0n),
        build.literal(true),
        build.call("_?_:_", [predicate, counted, accumulator]),
        build.call("_==_", [build.accumulator(), build.literal(1n)]),
      );
    }
  }
}

/** `map`, `filter`, `transformList`: a list of what the items become, perhaps of some items only. */
function collect(build: Builder, loop: Loop, value: Expr, filter?: Expr): Expr {
  const added = build.call("_+_", [build.accumulator(), build.list(value)]);
  const step = filter === undefined ? added : build.call("_?_:_", [filter, added, build.accumulator()]);
  return build.fold(loop, build.list(), build.literal(true), step, build.accumulator());
}

function gather(build: Builder, name: string, loop: Loop, value: Expr, filter: Expr | undefined): Expr {
  const args = name === "transformMap" ? [build.accumulator(), build.ident(loop.variable), value] : [build.accumulator(), value];
  const added = build.call("cel.@mapInsert", args);
  const step = filter === undefined ? added : build.call("_?_:_", [filter, added, build.accumulator()]);
  return build.fold(loop, build.emptyMap(), build.literal(true), step, build.accumulator());
}

/** `let name = value; result`: a loop over nothing. */
function bind(build: Builder, name: string, value: Expr, result: Expr): Expr {
  return build.fold({ variable: "#unused", range: build.list() }, value, build.literal(false), build.ident(name), result, name);
}

function expandOptional(build: Builder, name: string, target: Expr, variable: Expr, value: Expr): Expr {
  if (variable.kind !== "ident") {
    build.tell(variable.at, `${name}() variable name must be a simple identifier`);
    return FAILED;
  }
  const bound = bind(build, variable.name, build.call("value", [], build.copy(target)), value);
  return build.call("_?_:_", [
    build.call("hasValue", [], target),
    name === "optMap" ? build.call("optional.of", [bound]) : bound,
    build.call("optional.none", []),
  ]);
}

const SORTED = "@__sortBy_input__";

function expandSortBy(build: Builder, target: Expr, variable: Expr, key: Expr): Expr {
  const name = variableOf(build, variable, "argument is not an identifier");
  if (name === undefined) return FAILED;
  if (target.kind === "literal" || target.kind === "map" || target.kind === "struct") {
    build.tell(target.at, "sortBy can only be applied to a list, identifier, comprehension, call or select expression");
    return FAILED;
  }
  const keys = collect(build, { variable: name, range: build.ident(SORTED) }, key);
  return bind(build, SORTED, target, build.call("@sortByAssociatedKeys", [keys], build.ident(SORTED)));
}
