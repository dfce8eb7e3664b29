// SPDX-License-Identifier: Apache-2.0
import { type BranchNode, type ListNode, type Node, type Statement, type TemplateNode, nodeText } from "../parse/nodes.ts";
import { goQuote } from "../format/quote.ts";
import { formatValue } from "../format/sprintf.ts";
import { GoMap, Int, LIST_TYPE, Slice, Struct, type Value, int, isFunction, isTrue, typeOf } from "../values.ts";
import { BREAK, CONTINUE, NEXT, type Frame, type Run, type Signal, fail, failLimit, step, write } from "./execution.ts";
import { type Evaluate, type Functions, compilePipe } from "./expressions.ts";

/** Compiles the statements of a template to one function. */
export function compileList(list: ListNode, functions: Functions): Run {
  const runs = list.nodes.map((node) => compileStatement(node, functions));
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) {
    return (frame, dot) => {
      frame.node = list;
      return only(frame, dot);
    };
  }
  return (frame, dot) => {
    frame.node = list;
    for (const run of runs) {
      const signal = run(frame, dot);
      if (signal !== NEXT) return signal;
    }
    return NEXT;
  };
}

function compileStatement(node: Statement, functions: Functions): Run {
  switch (node.kind) {
    case "text": {
      const { text } = node;
      return (frame) => {
        step(frame);
        frame.node = node;
        write(frame, text);
        return NEXT;
      };
    }
    case "break":
      return () => BREAK;
    case "continue":
      return () => CONTINUE;
    case "action": {
      const evaluate = compilePipe(node.pipe, functions);
      const isSilent = node.pipe.decls.length > 0;
      return (frame, dot) => {
        step(frame);
        frame.node = node;
        const value = evaluate(frame, dot);
        if (!isSilent) printValue(frame, node, value);
        return NEXT;
      };
    }
    case "if":
    case "with":
      return compileBranch(node, functions);
    case "range":
      return compileRange(node, functions);
    case "template":
      return compileTemplate(node, functions);
  }
}

function printValue(frame: Frame, node: Node, value: Value): void {
  frame.node = node;
  if (value === undefined || value === null) write(frame, "<no value>");
  else if (typeof value === "string") write(frame, value);
  else if (isFunction(value)) fail(frame, `can't print ${nodeText(node)} of type ${typeOf(value)}`);
  else write(frame, value instanceof Struct && value.printed !== undefined ? value.printed() : formatValue(value));
}

function compileBranch(node: BranchNode, functions: Functions): Run {
  const evaluate = compilePipe(node.pipe, functions);
  const list = compileList(node.list, functions);
  const otherwise = node.elseList === undefined ? undefined : compileList(node.elseList, functions);
  const setsDot = node.kind === "with";
  return (frame, dot) => {
    step(frame);
    frame.node = node;
    const mark = frame.names.length;
    const value = evaluate(frame, dot);
    let signal: Signal = NEXT;
    if (!isTrue(value)) signal = otherwise === undefined ? NEXT : otherwise(frame, dot);
    else if (!setsDot) signal = list(frame, dot);
    else {
      const isHeld = frame.isDotHeld;
      frame.isDotHeld = false;
      signal = list(frame, value);
      frame.isDotHeld = isHeld;
    }
    popTo(frame, mark);
    return signal;
  };
}

function popTo(frame: Frame, mark: number): void {
  frame.names.length = mark;
  frame.values.length = mark;
  frame.held.length = mark;
}

/** Sets the innermost variable of a name. */
function setVariable(frame: Frame, name: string, value: Value, isHeld: boolean): void {
  const at = frame.names.lastIndexOf(name);
  if (at < 0) fail(frame, `undefined variable: ${name}`);
  frame.values[at] = value;
  frame.held[at] = isHeld;
}

function compileRange(node: BranchNode, functions: Functions): Run {
  const evaluate: Evaluate = compilePipe(node.pipe, functions);
  const list = compileList(node.list, functions);
  const otherwise = node.elseList === undefined ? undefined : compileList(node.elseList, functions);
  const [first, second] = node.pipe.decls.map((decl) => decl.ident[0] ?? "");
  const { isAssign } = node.pipe;
  return (frame, dot) => {
    step(frame);
    frame.node = node;
    const outer = frame.names.length;
    const value = evaluate(frame, dot);
    const mark = frame.names.length;
    const wasHeld = frame.isDotHeld;
    const isHeld = holdsAny(value);
    const iterate = (index: Value, element: Value): boolean => {
      step(frame);
      if (first !== undefined) {
        if (isAssign) setVariable(frame, first, second === undefined ? element : index, second === undefined && isHeld);
        else {
          frame.values[mark - 1] = element;
          frame.held[mark - 1] = isHeld;
        }
      }
      if (second !== undefined) {
        if (isAssign) setVariable(frame, second, element, isHeld);
        else {
          frame.values[mark - 2] = index;
          frame.held[mark - 2] = false;
        }
      }
      frame.isDotHeld = isHeld;
      const signal = list(frame, element);
      popTo(frame, mark);
      return signal !== BREAK;
    };
    const count = rangeOver(frame, value, second !== undefined, iterate);
    frame.isDotHeld = wasHeld;
    let signal: Signal = NEXT;
    if (count === 0 && otherwise !== undefined) signal = otherwise(frame, dot);
    popTo(frame, outer);
    // A break in the else part ends this range, as it would its body.
    return signal === BREAK ? NEXT : signal;
  };
}

/** Whether what a list or map holds is held in interfaces. */
function holdsAny(value: Value): boolean {
  return value instanceof GoMap ? value.holdsAny : value instanceof Slice && (value.type === LIST_TYPE || !value.type.startsWith("[]"));
}

/** Calls `iterate` for what the value holds, until it answers false; tells whether there was anything. */
function rangeOver(frame: Frame, value: Value, hasTwo: boolean, iterate: (index: Value, element: Value) => boolean): number {
  if (value === undefined || value === null) return 0;
  if (value instanceof Slice) {
    value.items.every((item, i) => iterate(int(i), item));
    return value.items.length;
  }
  if (value instanceof GoMap) {
    const keys = value.sortedKeys();
    for (const key of keys) if (!iterate(key, value.entries.get(key))) break;
    return keys.length;
  }
  if (value instanceof Int) {
    if (hasTwo) fail(frame, `can't use ${formatValue(value)} to iterate over more than one variable`);
    for (let i = 0n; i < value.value; i++) if (!iterate(undefined, new Int(value.type, i))) break;
    return value.value > 0n ? 1 : 0;
  }
  fail(frame, `range can't iterate over ${formatValue(value)}`);
}

function compileTemplate(node: TemplateNode, functions: Functions): Run {
  const evaluate = node.pipe === undefined ? undefined : compilePipe(node.pipe, functions);
  return (frame, dot) => {
    step(frame);
    frame.node = node;
    const run = frame.lookup(node.name);
    if (run === undefined) fail(frame, `template ${goQuote(node.name)} not defined`);
    const { budget } = frame;
    if (budget.depth >= budget.limits.maxDepth) failLimit(frame, `exceeded maximum template depth (${budget.limits.maxDepth})`);
    const data = evaluate?.(frame, dot);
    budget.depth++;
    // Signals do not leave a template: break and continue outside of a range do not parse.
    run({ ...frame, templateName: node.name, names: ["$"], values: [data], held: [false], isDotHeld: false, node: undefined }, data);
    budget.depth--;
    return NEXT;
  };
}
