// SPDX-License-Identifier: Apache-2.0
import type { ListNode, Node } from "../parse/nodes.ts";
import { nodeLocation, nodeText } from "../parse/nodes.ts";
import { goQuote } from "../format/quote.ts";
import { TemplateError, limitError } from "../template-error.ts";
import { type Call, Slice, type Value } from "../values.ts";

/** What a template may use at most. */
export interface Limits {
  /** Nodes visited and calls made in one execution. */
  readonly maxSteps: number;
  /** Characters written in one execution, and in any one string that a function makes. */
  readonly maxOutput: number;
  /** Templates that run inside of each other. */
  readonly maxDepth: number;
}

/** What all templates of one execution share. */
export interface Budget {
  readonly limits: Limits;
  steps: number;
  output: number;
  depth: number;
}

export type MissingKey = "invalid" | "zero" | "error";

/** How a statement ended. */
export const NEXT = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export type Signal = typeof NEXT | typeof BREAK | typeof CONTINUE;

/** A statement, compiled. */
export type Run = (frame: Frame, dot: Value) => Signal;

/** A template: its statements, as they were parsed and as one function. */
export interface Compiled {
  readonly list: ListNode;
  readonly run: Run;
}

/** Runs templates on a stack of its own: see deep.ts. */
export interface DeepRunner {
  /** Runs a template whose frame is made; the depth is the caller's to count. */
  run(frame: Frame, list: ListNode, dot: Value): void;
}

/** One template that runs: its variables, and the node that an error would be about. */
export interface Frame {
  readonly templateName: string;
  readonly names: string[];
  readonly values: Value[];
  /** Of each variable, whether its value is held in an interface: what range took from a list of anything. */
  readonly held: boolean[];
  /** The same of the dot. */
  isDotHeld: boolean;
  readonly out: string[];
  readonly budget: Budget;
  readonly deep: DeepRunner;
  readonly missingKey: MissingKey;
  readonly call: Call;
  readonly lookup: (name: string) => Compiled | undefined;
  /** Is told of everything that is written, where somebody asked for that. */
  readonly onWrite?: OnWrite | undefined;
  node: Node | undefined;
}

/** Told what is written, and where the node that writes it stands: `name:line:column`. Text of several lines begins there. */
export type OnWrite = (location: string, text: string) => void;

/** Fails as Go's text/template does, with the place and the expression at hand. */
export function fail(frame: Frame, message: string, cause?: unknown): never {
  const name = frame.templateName;
  const where = frame.node === undefined ? name : `${nodeLocation(frame.node)}: executing ${goQuote(name)} at <${nodeText(frame.node)}>`;
  const code = cause instanceof TemplateError && cause.code === "LIMIT" ? "LIMIT" : "EXECUTE";
  throw new TemplateError(code, `template: ${where}: ${message}`, cause === undefined ? undefined : { cause });
}

/** Fails because a limit is reached. */
export function failLimit(frame: Frame, message: string): never {
  fail(frame, message, new TemplateError("LIMIT", message));
}

export function step(frame: Frame): void {
  if (++frame.budget.steps > frame.budget.limits.maxSteps) {
    failLimit(frame, `template takes more than ${frame.budget.limits.maxSteps} steps`);
  }
}

export function write(frame: Frame, text: string): void {
  frame.budget.output += text.length;
  if (frame.budget.output > frame.budget.limits.maxOutput) {
    failLimit(frame, `template writes more than ${frame.budget.limits.maxOutput} characters`);
  }
  frame.out.push(text);
  if (frame.onWrite !== undefined && frame.node !== undefined) frame.onWrite(nodeLocation(frame.node), text);
}

/** How many templates run inside of each other on the stack of the program; deeper ones run on one of their own. */
export const STACK_DEPTH = 40;

/** The variables of a template that begins. */
export function frameFor(frame: Frame, templateName: string, data: Value): Frame {
  const { out, budget, deep, missingKey, call, lookup, onWrite } = frame;
  return {
    templateName,
    names: ["$"],
    values: [data],
    held: [false],
    isDotHeld: false,
    out,
    budget,
    deep,
    missingKey,
    call,
    lookup,
    onWrite,
    node: undefined,
  };
}

/** Checks that one more template may run inside of the others. */
export function checkDepth(frame: Frame, most = Infinity): void {
  const { depth, limits } = frame.budget;
  const maxDepth = Math.min(limits.maxDepth, most);
  if (depth >= maxDepth) failLimit(frame, `exceeded maximum template depth (${maxDepth})`);
}

/**
 * Counts what a function made: long texts and lists as steps, so that they cannot fill the memory.
 *
 * @throws {TemplateError} LIMIT
 */
export function countResult(frame: Frame, value: Value): Value {
  const size = typeof value === "string" ? value.length : value instanceof Slice ? value.items.length * UNITS_OF_ITEM : 0;
  if (size < FREE_SIZE) return value;
  const { budget } = frame;
  if (size > budget.limits.maxOutput) throw limitError(`a function makes more than ${budget.limits.maxOutput} characters`);
  budget.steps += size >> 4;
  return value;
}

const FREE_SIZE = 1024;
/** An item of a list takes as much memory as so many characters. */
const UNITS_OF_ITEM = 64;
