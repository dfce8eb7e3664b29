// SPDX-License-Identifier: Apache-2.0
import type { Node } from "../parse/nodes.ts";
import { nodeLocation, nodeText } from "../parse/nodes.ts";
import { goQuote } from "../format/quote.ts";
import { TemplateError } from "../template-error.ts";
import type { Call, Value } from "../values.ts";

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
  readonly missingKey: MissingKey;
  readonly call: Call;
  readonly lookup: (name: string) => Run | undefined;
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
