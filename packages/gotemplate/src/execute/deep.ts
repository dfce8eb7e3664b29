// SPDX-License-Identifier: Apache-2.0
// A table of what each kind of node does, in generators.
import { goQuote } from "../format/quote.ts";
import type { BranchNode, CommandNode, ListNode, Node, Operand, PipeNode, Statement, TemplateNode } from "../parse/nodes.ts";
import { nodeText } from "../parse/nodes.ts";
import { type Nested, type TemplateFunction, type Value, isTrue } from "../values.ts";
import {
  BREAK,
  type DeepRunner,
  type Frame,
  NEXT,
  type Run,
  type Signal,
  checkDepth,
  countResult,
  fail,
  frameFor,
  step,
} from "./execution.ts";
import {
  type Argument,
  type Command,
  type Evaluate,
  type Final,
  type Functions,
  MISSING,
  checkCount,
  compileArgument,
  compileCommand,
  compileFields,
  compilePipe,
  compileUntyped,
  convert,
  failCall,
  parameterType,
  rejectArguments,
  setDeclared,
} from "./expressions.ts";
import { compileStatement, elementsOf, holdsAny, popTo, printValue, setRangeVariables } from "./statements.ts";

/** Waits for what a nested step gives. */
function* wait<T>(nested: Nested<T>): Nested<T> {
  const result: unknown = yield nested;
  // The driver answers with what the generator that it was given returned.
  return result as T;
}

/** Runs a step and all that it waits for, on a stack of its own. */
export function drive<T>(start: Nested<T>): T {
  const stack: Nested<unknown>[] = [start];
  let answer: unknown;
  let failure: { readonly error: unknown } | undefined;
  for (;;) {
    const current = stack.at(-1);
    if (current === undefined) {
      if (failure !== undefined) throw failure.error;
      return answer as T;
    }
    try {
      const next: IteratorResult<Nested<unknown>, unknown> = failure === undefined ? current.next(answer) : current.throw(failure.error);
      failure = undefined;
      if (next.done === true) {
        answer = next.value;
        stack.pop();
      } else {
        answer = undefined;
        stack.push(next.value);
      }
    } catch (error) {
      failure = { error };
      stack.pop();
    }
  }
}

/**
 * Runs templates without the stack of the program: what may call another template is a generator that waits for it; all
 * else is compiled to closures as usual. Templates begin here when they are many inside of each other.
 */
export class DeepTemplates implements DeepRunner {
  readonly #functions: Functions;
  readonly #nests = new WeakMap<Node, boolean>();
  readonly #statements = new WeakMap<Node, Run>();
  readonly #operands = new WeakMap<Node, Evaluate>();
  readonly #commands = new WeakMap<Node, Command>();
  readonly #arguments = new WeakMap<Node, Argument>();

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  run(frame: Frame, list: ListNode, dot: Value): void {
    drive(this.list(frame, list, dot));
  }

  *list(frame: Frame, list: ListNode, dot: Value): Nested<Signal> {
    frame.node = list;
    for (const node of list.nodes) {
      const signal = this.#mayNest(node) ? yield* wait(this.#statement(frame, node, dot)) : this.#compiled(node)(frame, dot);
      if (signal !== NEXT) return signal;
    }
    return NEXT;
  }

  /** Whether a node may call another template. */
  #mayNest(node: Statement | Operand | CommandNode | ListNode): boolean {
    const known = this.#nests.get(node);
    if (known !== undefined) return known;
    const found = this.#findNested(node);
    this.#nests.set(node, found);
    return found;
  }

  #findNested(node: Statement | Operand | CommandNode | ListNode): boolean {
    switch (node.kind) {
      case "template":
        return true;
      case "list":
        return node.nodes.some((child) => this.#mayNest(child));
      case "action":
        return this.#mayNest(node.pipe);
      case "if":
      case "with":
      case "range":
        return this.#mayNest(node.pipe) || this.#mayNest(node.list) || (node.elseList !== undefined && this.#mayNest(node.elseList));
      case "pipe":
        return node.commands.some((command) => this.#mayNest(command));
      case "command":
        return node.args.some((arg) => this.#mayNest(arg));
      case "chain":
        return this.#mayNest(node.node);
      case "identifier":
        return this.#functions.get(node.name)?.nested !== undefined;
      default:
        return false;
    }
  }

  #compiled(node: Statement): Run {
    return kept(this.#statements, node, () => compileStatement(node, this.#functions));
  }

  *#statement(frame: Frame, node: Statement, dot: Value): Nested<Signal> {
    switch (node.kind) {
      case "action": {
        step(frame);
        frame.node = node;
        const value = yield* wait(this.#pipe(frame, node.pipe, dot));
        if (node.pipe.decls.length === 0) printValue(frame, node, value);
        return NEXT;
      }
      case "if":
      case "with":
        return yield* this.#branch(frame, node, dot);
      case "range":
        return yield* this.#range(frame, node, dot);
      case "template":
        return yield* this.#template(frame, node, dot);
      default:
        return this.#compiled(node)(frame, dot);
    }
  }

  *#branch(frame: Frame, node: BranchNode, dot: Value): Nested<Signal> {
    step(frame);
    frame.node = node;
    const mark = frame.names.length;
    const value = yield* wait(this.#pipe(frame, node.pipe, dot));
    let signal: Signal = NEXT;
    if (!isTrue(value)) {
      if (node.elseList !== undefined) signal = yield* wait(this.list(frame, node.elseList, dot));
    } else if (node.kind === "with") {
      const isHeld = frame.isDotHeld;
      frame.isDotHeld = false;
      signal = yield* wait(this.list(frame, node.list, value));
      frame.isDotHeld = isHeld;
    } else signal = yield* wait(this.list(frame, node.list, dot));
    popTo(frame, mark);
    return signal;
  }

  *#range(frame: Frame, node: BranchNode, dot: Value): Nested<Signal> {
    step(frame);
    frame.node = node;
    const outer = frame.names.length;
    const value = yield* wait(this.#pipe(frame, node.pipe, dot));
    const mark = frame.names.length;
    const wasHeld = frame.isDotHeld;
    const isHeld = holdsAny(value);
    let isEmpty = true;
    for (const [index, element] of elementsOf(frame, value, node.pipe.decls.length > 1)) {
      isEmpty = false;
      step(frame);
      setRangeVariables(frame, node, mark, index, element, isHeld);
      const signal = yield* wait(this.list(frame, node.list, element));
      popTo(frame, mark);
      if (signal === BREAK) break;
    }
    frame.isDotHeld = wasHeld;
    let signal: Signal = NEXT;
    if (isEmpty && node.elseList !== undefined) signal = yield* wait(this.list(frame, node.elseList, dot));
    popTo(frame, outer);
    return signal === BREAK ? NEXT : signal;
  }

  *#template(frame: Frame, node: TemplateNode, dot: Value): Nested<Signal> {
    step(frame);
    frame.node = node;
    const template = frame.lookup(node.name);
    if (template === undefined) fail(frame, `template ${goQuote(node.name)} not defined`);
    checkDepth(frame);
    const data = node.pipe === undefined ? undefined : yield* wait(this.#pipe(frame, node.pipe, dot));
    frame.budget.depth++;
    yield* wait(this.list(frameFor(frame, node.name, data), template.list, data));
    frame.budget.depth--;
    return NEXT;
  }

  *#pipe(frame: Frame, pipe: PipeNode, dot: Value): Nested<Value> {
    if (!this.#mayNest(pipe)) return kept(this.#operands, pipe, () => compilePipe(pipe, this.#functions))(frame, dot);
    frame.node = pipe;
    let value: Final = MISSING;
    for (const command of pipe.commands) {
      const result: Value = this.#mayNest(command)
        ? yield* this.#command(frame, command, dot, value)
        : kept(this.#commands, command, () => compileCommand(command, this.#functions))(frame, dot, value);
      value = result ?? undefined;
    }
    const whole = value === MISSING ? undefined : value;
    setDeclared(frame, pipe, whole);
    return whole;
  }

  *#command(frame: Frame, command: CommandNode, dot: Value, final: Final): Nested<Value> {
    const [first, ...rest] = command.args;
    if (first === undefined) return undefined;
    switch (first.kind) {
      case "pipe":
        rejectArguments(frame, first, rest, final);
        return yield* wait(this.#pipe(frame, first, dot));
      case "identifier":
        return yield* this.#function(frame, first.name, { node: first, at: command }, rest, dot, final);
      case "field":
      case "variable":
      case "chain":
        return yield* this.#fields(frame, first, rest, dot, final);
      default:
        return kept(this.#commands, command, () => compileCommand(command, this.#functions))(frame, dot, final);
    }
  }

  /** Arguments that call templates are made first here; the others when the method is called. */
  *#fields(
    frame: Frame,
    node: Extract<Operand, { readonly kind: "field" | "variable" | "chain" }>,
    rest: readonly Operand[],
    dot: Value,
    final: Final,
  ): Nested<Value> {
    const args: Argument[] = [];
    for (const arg of rest) {
      if (!this.#mayNest(arg)) args.push(this.#argument(arg));
      else {
        const raw = yield* this.#operand(frame, arg, dot);
        args.push((inner, _dot, type) => {
          inner.node = arg;
          return convert(inner, raw, type);
        });
      }
    }
    frame.node = node;
    switch (node.kind) {
      case "field":
        return compileFields(node, node.ident, args)(frame, dot, dot, final, frame.isDotHeld);
      case "variable": {
        const [name = "", ...fields] = node.ident;
        const at = frame.names.lastIndexOf(name);
        if (at < 0) fail(frame, `undefined variable: ${name}`);
        if (fields.length > 0) return compileFields(node, fields, args)(frame, dot, frame.values[at], final, frame.held[at] ?? false);
        rejectArguments(frame, node, rest, final);
        return frame.values[at];
      }
      case "chain": {
        if (node.node.kind === "nil") fail(frame, `indirection through explicit nil in ${nodeText(node)}`);
        const receiver = yield* this.#operand(frame, node.node, dot);
        return compileFields(node, node.fields, args)(frame, dot, receiver, final, false);
      }
    }
  }

  #argument(node: Operand): Argument {
    return kept(this.#arguments, node, () => compileArgument(node, this.#functions));
  }

  /** An expression where any value is good. */
  *#operand(frame: Frame, node: Operand, dot: Value): Nested<Value> {
    if (!this.#mayNest(node)) return kept(this.#operands, node, () => compileUntyped(node, this.#functions))(frame, dot);
    switch (node.kind) {
      case "pipe":
        return yield* wait(this.#pipe(frame, node, dot));
      case "chain":
        return yield* this.#fields(frame, node, [], dot, MISSING);
      case "identifier":
        return yield* this.#function(frame, node.name, { node, at: node }, [], dot, MISSING);
      default:
        return compileUntyped(node, this.#functions)(frame, dot);
    }
  }

  *#function(
    frame: Frame,
    name: string,
    { node, at }: { readonly node: Node; readonly at: Node },
    rest: readonly Operand[],
    dot: Value,
    final: Final,
  ): Nested<Value> {
    frame.node = node;
    const target = this.#functions.get(name);
    if (target === undefined) fail(frame, `${goQuote(name)} is not a defined function`);
    const isBuiltin = this.#functions.isBuiltin(name);
    if (isBuiltin && (name === "and" || name === "or")) return yield* this.#logic(frame, name, rest, dot, final);
    step(frame);
    const count = rest.length + (final === MISSING ? 0 : 1);
    checkCount(frame, target, name, rest.length, count);
    const values: Value[] = isBuiltin && name === "call" && rest[0] !== undefined ? [nodeText(rest[0])] : [];
    for (const [i, arg] of rest.entries()) values.push(yield* this.#typed(frame, arg, dot, parameterType(target, i)));
    if (final !== MISSING) values.push(convert(frame, final, parameterType(target, count - 1)));
    try {
      return yield* this.#called(frame, target, values);
    } catch (error) {
      return failCall(frame, at, name, error);
    }
  }

  *#called(frame: Frame, target: TemplateFunction, values: readonly Value[]): Nested<Value> {
    return countResult(
      frame,
      target.nested === undefined ? target.run(values, frame.call) : yield* wait(target.nested(values, frame.call)),
    );
  }

  *#typed(frame: Frame, arg: Operand, dot: Value, type: string): Nested<Value> {
    if (!this.#mayNest(arg)) return this.#argument(arg)(frame, dot, type);
    frame.node = arg;
    return convert(frame, yield* this.#operand(frame, arg, dot), type);
  }

  *#logic(frame: Frame, name: string, args: readonly Operand[], dot: Value, final: Final): Nested<Value> {
    if (args.length === 0 && final === MISSING) fail(frame, `wrong number of args for ${name}: want at least 1 got 0`);
    let value: Value;
    for (const arg of args) {
      value = yield* this.#typed(frame, arg, dot, "reflect.Value");
      if (isTrue(value) === (name === "or")) return value;
    }
    return final === MISSING ? value : final;
  }
}

function kept<T>(known: WeakMap<Node, T>, node: Node, make: () => T): T {
  const found = known.get(node);
  if (found !== undefined) return found;
  const made = make();
  known.set(node, made);
  return made;
}
