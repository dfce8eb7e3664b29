// SPDX-License-Identifier: Apache-2.0
import { type BranchNode, type ListNode, type Node, type Statement, type TemplateNode, nodeText } from "../parse/nodes.ts";
import { goQuote } from "../format/quote.ts";
import { formatValue } from "../format/sprintf.ts";
import { GoMap, Int, LIST_TYPE, Slice, Struct, type Value, int, isFunction, isTrue, typeOf } from "../values.ts";
import {
  BREAK,
  CONTINUE,
  NEXT,
  STACK_DEPTH,
  type Frame,
  type Run,
  type Signal,
  checkDepth,
  fail,
  frameFor,
  step,
  write,
} from "./execution.ts";
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

export function compileStatement(node: Statement, functions: Functions): Run {
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

export function printValue(frame: Frame, node: Node, value: Value): void {
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

export function popTo(frame: Frame, mark: number): void {
  if (frame.names.length === mark) return;
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
  const hasTwo = node.pipe.decls.length > 1;
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
      setRangeVariables(frame, node, mark, index, element, isHeld);
      const signal = list(frame, element);
      popTo(frame, mark);
      return signal !== BREAK;
    };
    const hasRun = rangeOver(frame, value, hasTwo, iterate);
    frame.isDotHeld = wasHeld;
    let signal: Signal = NEXT;
    if (!hasRun && otherwise !== undefined) signal = otherwise(frame, dot);
    popTo(frame, outer);
    // A break in the else part ends this range, as it would its body.
    return signal === BREAK ? NEXT : signal;
  };
}

/** Gives the variables of a range what its next round has; `mark` is how many variables there are with them. */
export function setRangeVariables(frame: Frame, node: BranchNode, mark: number, index: Value, element: Value, isHeld: boolean): void {
  const { decls, isAssign } = node.pipe;
  const [first, second] = decls;
  if (first !== undefined) {
    if (isAssign) setVariable(frame, first.ident[0] ?? "", second === undefined ? element : index, second === undefined && isHeld);
    else {
      frame.values[mark - 1] = element;
      frame.held[mark - 1] = isHeld;
    }
  }
  if (second !== undefined) {
    if (isAssign) setVariable(frame, second.ident[0] ?? "", element, isHeld);
    else {
      frame.values[mark - 2] = index;
      frame.held[mark - 2] = false;
    }
  }
  frame.isDotHeld = isHeld;
}

/** Whether what a list or map holds is held in interfaces. */
export function holdsAny(value: Value): boolean {
  return value instanceof GoMap ? value.holdsAny : value instanceof Slice && (value.type === LIST_TYPE || !value.type.startsWith("[]"));
}

/** Calls `iterate` for what the value holds, until it answers false; tells whether there was anything. */
function rangeOver(frame: Frame, value: Value, hasTwo: boolean, iterate: (index: Value, element: Value) => boolean): boolean {
  if (value instanceof Slice) {
    value.items.every((item, i) => iterate(int(i), item));
    return value.items.length > 0;
  }
  let isEmpty = true;
  for (const [index, element] of elementsOf(frame, value, hasTwo)) {
    isEmpty = false;
    if (!iterate(index, element)) break;
  }
  return !isEmpty;
}

/** What range visits, one after the other: index or key, and element. */
export function* elementsOf(frame: Frame, value: Value, hasTwo: boolean): Generator<readonly [index: Value, element: Value]> {
  if (value === undefined || value === null) return;
  if (value instanceof Slice) {
    for (const [i, item] of value.items.entries()) yield [int(i), item];
  } else if (value instanceof GoMap) {
    for (const key of value.sortedKeys()) yield [key, value.entries.get(key)];
  } else if (value instanceof Int) {
    if (hasTwo) fail(frame, `can't use ${formatValue(value)} to iterate over more than one variable`);
    for (let i = 0n; i < value.value; i++) yield [undefined, new Int(value.type, i)];
  } else fail(frame, `range can't iterate over ${formatValue(value)}`);
}

function compileTemplate(node: TemplateNode, functions: Functions): Run {
  const evaluate = node.pipe === undefined ? undefined : compilePipe(node.pipe, functions);
  return (frame, dot) => {
    step(frame);
    frame.node = node;
    const template = frame.lookup(node.name);
    if (template === undefined) fail(frame, `template ${goQuote(node.name)} not defined`);
    checkDepth(frame);
    const data = evaluate?.(frame, dot);
    const { budget } = frame;
    budget.depth++;
    // Signals do not leave a template: break and continue outside of a range do not parse.
    const inner = frameFor(frame, node.name, data);
    if (budget.depth > STACK_DEPTH) frame.deep.run(inner, template.list, data);
    else template.run(inner, data);
    budget.depth--;
    return NEXT;
  };
}
