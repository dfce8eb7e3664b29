// SPDX-License-Identifier: Apache-2.0
// A table of what each kind of expression compiles to.
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  Node,
  NumberNode,
  Operand,
  PipeNode,
  VariableNode,
} from "../parse/nodes.ts";
import { nodeText } from "../parse/nodes.ts";
import { goQuote } from "../format/quote.ts";
import { stringOf } from "../format/stringer.ts";
import { FunctionError, TemplateError, limitError } from "../template-error.ts";
import { GoMap, Int, LIST_TYPE, MAP_TYPE, Slice, Struct, type TemplateFunction, type Value, fn, int, isTrue, typeOf } from "../values.ts";
import { type Frame, countResult, fail, step } from "./execution.ts";

export type Evaluate = (frame: Frame, dot: Value) => Value;

/** The functions that templates can call. */
export interface Functions {
  get(name: string): TemplateFunction | undefined;
  /** Whether the name stands for Go's own function, as it is not replaced. */
  isBuiltin(name: string): boolean;
}

/** What stands for "no argument was piped in". */
export const MISSING: unique symbol = Symbol("missing");
export type Final = Value | typeof MISSING;
export type Command = (frame: Frame, dot: Value, final: Final) => Value;

/** Compiles a pipeline, with the variables it sets. */
export function compilePipe(pipe: PipeNode, functions: Functions): Evaluate {
  const commands = pipe.commands.map((command) => compileCommand(command, functions));
  const [only] = commands;
  const evaluate: Evaluate =
    commands.length === 1 && only !== undefined
      ? (frame, dot) => {
          frame.node = pipe;
          // A nil in an interface is unwrapped to no value at all.
          return only(frame, dot, MISSING) ?? undefined;
        }
      : (frame, dot) => {
          frame.node = pipe;
          let value: Final = MISSING;
          for (const command of commands) value = command(frame, dot, value) ?? undefined;
          return value === MISSING ? undefined : value;
        };
  if (pipe.decls.length === 0) return evaluate;
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    setDeclared(frame, pipe, value);
    return value;
  };
}

/** Gives the variables that a pipeline declares or assigns its value. */
export function setDeclared(frame: Frame, pipe: PipeNode, value: Value): void {
  for (const { ident } of pipe.decls) {
    const name = ident[0] ?? "";
    if (pipe.isAssign) {
      const at = frame.names.lastIndexOf(name);
      if (at < 0) fail(frame, `undefined variable: ${name}`);
      frame.values[at] = value;
      frame.held[at] = false;
    } else {
      frame.names.push(name);
      frame.values.push(value);
      frame.held.push(false);
    }
  }
}

export function compileCommand(command: CommandNode, functions: Functions): Command {
  const [first, ...rest] = command.args;
  if (first === undefined) return () => undefined;
  switch (first.kind) {
    case "field":
      return compileField(first, rest, functions);
    case "chain":
      return compileChain(first, rest, functions);
    case "variable":
      return compileVariable(first, rest, functions);
    case "identifier":
      return compileFunction(first, command, rest, functions);
    case "pipe": {
      const evaluate = compilePipe(first, functions);
      return (frame, dot, final) => {
        rejectArguments(frame, first, rest, final);
        return evaluate(frame, dot);
      };
    }
    case "nil":
      return (frame, _dot, final) => {
        frame.node = first;
        rejectArguments(frame, first, rest, final);
        fail(frame, "nil is not a command");
      };
    default: {
      const evaluate = compileLiteral(first);
      return (frame, dot, final) => {
        frame.node = first;
        rejectArguments(frame, first, rest, final);
        return evaluate(frame, dot);
      };
    }
  }
}

export function rejectArguments(frame: Frame, node: Node, rest: readonly Operand[], final: Final): void {
  if (rest.length > 0 || final !== MISSING) fail(frame, `can't give argument to non-function ${nodeText(node)}`);
}

type Literal = Extract<Operand, { readonly kind: "bool" | "dot" | "string" | "number" }>;

function compileLiteral(node: Literal): Evaluate {
  switch (node.kind) {
    case "dot":
      return (_frame, dot) => dot;
    case "bool":
    case "string":
      return () => node.value;
    case "number": {
      const value = idealConstant(node);
      return value === undefined ? (frame) => failAt(frame, node, overflow(node)) : () => value;
    }
  }
}

function overflow(node: NumberNode): string {
  return node.isComplex ? `complex number ${node.text} cannot be used` : `${node.text} overflows int`;
}

export function failAt(frame: Frame, node: Node, message: string): never {
  frame.node = node;
  fail(frame, message);
}

/** The value of a number where no type is asked for: an int, or a float64 when it is written as one. */
function idealConstant(node: NumberNode): Value {
  const { text } = node;
  const isHex = /^0[xX]/.test(text) && !/[pP]/.test(text);
  if (node.float !== undefined && !isHex && !text.startsWith("'") && /[.eEpP]/.test(text)) return node.float;
  return node.int === undefined ? undefined : int(node.int);
}

function compileField(node: FieldNode, rest: readonly Operand[], functions: Functions): Command {
  const walk = compileFields(node, node.ident, compileArguments(rest, functions));
  return (frame, dot, final) => {
    frame.node = node;
    return walk(frame, dot, dot, final, frame.isDotHeld);
  };
}

function compileVariable(node: VariableNode, rest: readonly Operand[], functions: Functions): Command {
  const [name = "", ...fields] = node.ident;
  const walk = fields.length === 0 ? undefined : compileFields(node, fields, compileArguments(rest, functions));
  return (frame, dot, final) => {
    frame.node = node;
    const at = frame.names.lastIndexOf(name);
    if (at < 0) fail(frame, `undefined variable: ${name}`);
    const value = frame.values[at];
    if (walk !== undefined) return walk(frame, dot, value, final, frame.held[at] ?? false);
    rejectArguments(frame, node, rest, final);
    return value;
  };
}

function compileChain(node: ChainNode, rest: readonly Operand[], functions: Functions): Command {
  if (node.node.kind === "nil") return (frame) => failAt(frame, node, `indirection through explicit nil in ${nodeText(node)}`);
  const receiver = compileUntyped(node.node, functions);
  const walk = compileFields(node, node.fields, compileArguments(rest, functions));
  return (frame, dot, final) => {
    frame.node = node;
    return walk(frame, dot, receiver(frame, dot), final, false);
  };
}

/** `isHeld`: whether the receiver is held in an interface, which only error messages tell. */
export type Walk = (frame: Frame, dot: Value, receiver: Value, final: Final, isHeld: boolean) => Value;

export function compileFields(node: Node, names: readonly string[], args: readonly Argument[]): Walk {
  const last = names.length - 1;
  return (frame, dot, receiver, final, isHeld) => {
    let value = receiver;
    let held = isHeld;
    for (let i = 0; i < last; i++) {
      const inner = field(frame, dot, names[i] ?? "", node, [], MISSING, value, held);
      held = value instanceof GoMap && value.holdsAny;
      value = inner;
    }
    return field(frame, dot, names[last] ?? "", node, args, final, value, held);
  };
}

/** Methods of a time.Duration, each taking it as its receiver. */
function methodOfDuration(duration: Int, name: string): TemplateFunction | undefined {
  const number = (nanoseconds: number): TemplateFunction => fn("", () => Number(duration.value) / nanoseconds);
  const whole = (nanoseconds: bigint): TemplateFunction => fn("", () => new Int("int64", duration.value / nanoseconds));
  switch (name) {
    case "Hours":
      return number(3.6e12);
    case "Minutes":
      return number(6e10);
    case "Seconds":
      return number(1e9);
    case "Milliseconds":
      return whole(1_000_000n);
    case "Microseconds":
      return whole(1_000n);
    case "Nanoseconds":
      return whole(1n);
    case "String":
      return fn("", () => stringOf(duration) ?? "");
    default:
      return undefined;
  }
}

function methodOf(value: Value, name: string): TemplateFunction | undefined {
  if (value instanceof Int) return value.type === "time.Duration" ? methodOfDuration(value, name) : undefined;
  return value instanceof Struct || value instanceof GoMap || value instanceof Slice ? value.methods?.get(name) : undefined;
}

function field(
  frame: Frame,
  dot: Value,
  name: string,
  node: Node,
  args: readonly Argument[],
  final: Final,
  receiver: Value,
  isHeld: boolean,
): Value {
  step(frame);
  if (receiver === undefined) {
    if (frame.missingKey === "error") fail(frame, `nil data; no entry for key ${goQuote(name)}`);
    return undefined;
  }
  if (receiver === null) fail(frame, `nil pointer evaluating interface {}.${name}`);
  const method = methodOf(receiver, name);
  if (method !== undefined) return invoke(frame, dot, method, node, name, args, final);
  const hasArguments = args.length > 0 || final !== MISSING;
  if (receiver instanceof GoMap) {
    if (hasArguments) fail(frame, `${name} is not a method but has arguments`);
    const value = receiver.entries.get(name);
    if (value !== undefined) return value;
    if (frame.missingKey === "error" && !receiver.entries.has(name)) fail(frame, `map has no entry for key ${goQuote(name)}`);
    if (receiver.entries.has(name)) return null;
    return frame.missingKey === "zero" ? (receiver.holdsAny ? null : "") : undefined;
  }
  if (receiver instanceof Struct && receiver.fields.has(name)) {
    if (!/^\p{Lu}/u.test(name)) fail(frame, `${name} is an unexported field of struct type ${receiver.type}`);
    if (hasArguments) fail(frame, `${name} has arguments but cannot be invoked as function`);
    return receiver.fields.get(name);
  }
  fail(frame, `can't evaluate field ${name} in type ${isHeld ? "interface {}" : typeOf(receiver)}`);
}

function compileFunction(node: IdentifierNode, at: Node, rest: readonly Operand[], functions: Functions): Command {
  const { name } = node;
  const args = compileArguments(rest, functions);
  const isLogic = functions.isBuiltin(name) && (name === "and" || name === "or");
  const isCall = functions.isBuiltin(name) && name === "call";
  const callee = isCall && rest[0] !== undefined ? nodeText(rest[0]) : undefined;
  const found = functions.get(name);
  return (frame, dot, final) => {
    frame.node = node;
    if (found === undefined) fail(frame, `${goQuote(name)} is not a defined function`);
    if (isLogic) return evaluateLogic(frame, dot, name, args, final);
    return invoke(frame, dot, found, at, name, args, final, isCall ? (callee ?? reflectText(final)) : undefined);
  };
}

/** What reflect's Value.String gives. */
function reflectText(value: Final): string {
  if (typeof value === "string") return value;
  return value === MISSING || value === undefined ? "<invalid Value>" : `<${typeOf(value)} Value>`;
}

/** `and` and `or` stop at the argument that decides. */
function evaluateLogic(frame: Frame, dot: Value, name: string, args: readonly Argument[], final: Final): Value {
  if (args.length === 0 && final === MISSING) fail(frame, `wrong number of args for ${name}: want at least 1 got 0`);
  let value: Value;
  for (const arg of args) {
    value = arg(frame, dot, "reflect.Value");
    if (isTrue(value) === (name === "or")) return value;
  }
  return final === MISSING ? value : final;
}

export type Argument = (frame: Frame, dot: Value, type: string) => Value;

function invoke(
  frame: Frame,
  dot: Value,
  target: TemplateFunction,
  at: Node,
  name: string,
  args: readonly Argument[],
  final: Final,
  callee?: string,
): Value {
  step(frame);
  const count = args.length + (final === MISSING ? 0 : 1);
  checkCount(frame, target, name, args.length, count);
  const values: Value[] = [];
  for (let i = 0; i < args.length; i++) values.push(args[i]?.(frame, dot, parameterType(target, i)));
  if (final !== MISSING) values.push(convert(frame, final, parameterType(target, count - 1)));
  if (callee !== undefined) values.unshift(callee);
  try {
    return countResult(frame, target.run(values, frame.call));
  } catch (error) {
    return failCall(frame, at, name, error);
  }
}

export function checkCount(frame: Frame, { params, isVariadic }: TemplateFunction, name: string, given: number, count: number): void {
  const fixed = isVariadic ? params.length - 1 : params.length;
  if (isVariadic ? count >= fixed : count === fixed) return;
  fail(
    frame,
    isVariadic
      ? `wrong number of args for ${name}: want at least ${fixed} got ${given}`
      : `wrong number of args for ${name}: want ${fixed} got ${count}`,
  );
}

/** The type of the parameter that an argument is for. */
export function parameterType({ params, isVariadic }: TemplateFunction, index: number): string {
  const last = params.length - 1;
  return (isVariadic && index > last ? params[last] : params[index]) ?? "interface {}";
}

/** Says which call failed. */
export function failCall(frame: Frame, at: Node, name: string, error: unknown): never {
  frame.node = at;
  if (error instanceof FunctionError || error instanceof TemplateError) fail(frame, `error calling ${name}: ${error.message}`, error);
  // A string that JavaScript cannot hold, or a stack that is full.
  if (error instanceof RangeError) fail(frame, `error calling ${name}: ${error.message}`, limitError(error.message, { cause: error }));
  throw error;
}

/** Checks a value against the type of a parameter, as Go's reflection does. */
export function convert(frame: Frame, value: Value, type: string): Value {
  if (type === "reflect.Value") return value;
  if (type === "interface {}") return value ?? null;
  const isNilable = type.startsWith("map[") || type.startsWith("[]") || type.startsWith("*");
  if (value === undefined) {
    if (!isNilable) fail(frame, `invalid value; expected ${type}`);
    return type.startsWith("map[") ? new GoMap(new Map(), type, undefined, true) : new Slice([], type, { isNil: true });
  }
  if (value === null) fail(frame, `wrong type for value; expected ${type}; got interface {}`);
  const actual = typeOf(value);
  if (actual === type) return value;
  // A named type can be given where its underlying type is asked for.
  if (type === MAP_TYPE && value instanceof GoMap && !actual.startsWith("map[")) return value;
  if (type === LIST_TYPE && value instanceof Slice && !actual.startsWith("[]")) return value;
  fail(frame, `wrong type for value; expected ${type}; got ${actual}`);
}

function compileArguments(args: readonly Operand[], functions: Functions): Argument[] {
  return args.map((arg) => compileArgument(arg, functions));
}

/** An argument, which takes the type of the parameter where it is a literal. */
export function compileArgument(node: Operand, functions: Functions): Argument {
  switch (node.kind) {
    case "nil":
      return (frame, _dot, type) => {
        frame.node = node;
        if (type === "reflect.Value") return undefined;
        if (type === "interface {}") return null;
        if (type.startsWith("map[") || type.startsWith("[]")) return convert(frame, undefined, type);
        fail(frame, `cannot assign nil to ${type}`);
      };
    case "bool":
    case "string":
    case "number": {
      const evaluate = compileLiteral(node);
      return (frame, dot, type) => {
        frame.node = node;
        if (type === "interface {}" || type === "reflect.Value") return evaluate(frame, dot);
        return typedLiteral(frame, node, type);
      };
    }
    default: {
      const evaluate = compileUntyped(node, functions);
      return (frame, dot, type) => {
        frame.node = node;
        return convert(frame, evaluate(frame, dot), type);
      };
    }
  }
}

function typedLiteral(frame: Frame, node: Extract<Literal, { readonly kind: "bool" | "string" | "number" }>, type: string): Value {
  const wrong = (wanted: string): never => fail(frame, `expected ${wanted}; found ${nodeText(node)}`);
  switch (type) {
    case "string":
      return node.kind === "string" ? node.value : wrong("string");
    case "bool":
      return node.kind === "bool" ? node.value : wrong("bool");
    case "float64":
      return node.kind === "number" && node.float !== undefined ? node.float : wrong("float");
    case "int":
    case "int64":
    case "int32":
    case "time.Duration":
      return node.kind === "number" && node.int !== undefined ? new Int(type, node.int) : wrong("integer");
    case "uint64":
    case "uint":
    case "uint32":
      return node.kind === "number" && node.uint !== undefined ? new Int(type, node.uint) : wrong("unsigned integer");
    default:
      fail(frame, `can't handle ${nodeText(node)} for arg of type ${type}`);
  }
}

/** An expression where any value is good. */
export function compileUntyped(node: Operand, functions: Functions): Evaluate {
  switch (node.kind) {
    case "pipe":
      return compilePipe(node, functions);
    case "field":
      return bare(compileField(node, [], functions));
    case "variable":
      return bare(compileVariable(node, [], functions));
    case "chain":
      return bare(compileChain(node, [], functions));
    case "identifier":
      return bare(compileFunction(node, node, [], functions));
    case "nil":
      return (frame) => failAt(frame, node, "evaluation of nil");
    default:
      return compileLiteral(node);
  }
}

function bare(command: Command): Evaluate {
  return (frame, dot) => command(frame, dot, MISSING);
}
