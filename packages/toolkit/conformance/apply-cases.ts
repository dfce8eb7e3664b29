// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CaseResult, Suite, SuiteOptions } from "@flux-ts/testbed";

/** A step of a case: a call of a Flux function, or an expectation. @see flux/README.md of the corpus */
interface Step {
  readonly call?: string;
  readonly on?: unknown;
  readonly args?: readonly unknown[];
  readonly as?: string;
  readonly expect?: string;
  readonly to?: readonly unknown[];
  readonly not?: readonly unknown[];
}

export interface Case {
  readonly id?: string;
  readonly setup?: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
}

/** Ours for a function of Flux. Throws as it fails; what it returns is compared. */
export type Call = (args: readonly unknown[], testCase: Case, on: unknown) => unknown;

export interface CallSuite {
  readonly name: string;
  /** Files under `flux/` of the corpus. */
  readonly files: readonly string[];
  readonly calls: Readonly<Record<string, Call>>;
  readonly knownFailures: Readonly<Record<string, string>>;
}

/** A suite of call cases: those whose calls we all have; a case with another call fails. */
export function callSuite({ name, files, calls, knownFailures }: CallSuite): Suite {
  return {
    name,
    knownFailures,
    present: (folder) => files.some((file) => existsSync(join(folder, "flux", file))),
    run(folder: string, tell: (result: CaseResult) => void, options: SuiteOptions): Promise<void> {
      for (const file of files) {
        const path = join(folder, "flux", file);
        if (!existsSync(path)) continue;
        for (const testCase of readCases(path)) {
          if (testCase.id === undefined || options.filter?.test(testCase.id) === false) continue;
          const detail = run(testCase, calls);
          tell({
            name: testCase.id,
            area: file.replace(/\/[^/]*$/, ""),
            ...(detail === undefined ? { outcome: "passed" } : { outcome: "failed", detail }),
          });
        }
      }
      return Promise.resolve();
    },
  };
}

export function readCases(path: string): readonly Case[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Case);
}

/** Undefined: passed. */
function run(testCase: Case, calls: Readonly<Record<string, Call>>): string | undefined {
  const scope = new Map<string, unknown>();
  for (const step of testCase.steps ?? []) {
    if (step.call !== undefined) {
      const call = calls[step.call];
      if (call === undefined) return `no counterpart of ${step.call}`;
      const args = (step.args ?? []).map((arg) => resolve(arg, scope));
      let result: { value?: unknown; error?: unknown };
      try {
        result = { value: call(args, testCase, resolve(step.on, scope)) };
      } catch (error) {
        result = { error };
      }
      if (step.as !== undefined) scope.set(step.as, result);
    } else if (step.expect !== undefined) {
      const found = evaluate(step.expect, scope);
      if (step.to !== undefined && !matches(found, step.to, scope)) return `${step.expect} is ${show(found)}, expected ${show(step.to)}`;
      if (step.not !== undefined && matches(found, step.not, scope))
        return `${step.expect} is ${show(found)}, expected not ${show(step.not)}`;
    } else return `step not understood: ${Object.keys(step).join(",")}`;
  }
  return undefined;
}

function show(value: unknown): string {
  return value instanceof Error ? value.message : String(JSON.stringify(value)).slice(0, 300);
}

/** An argument: `$obj` names a value that the call may change, `$` refers to an earlier one. */
function resolve(arg: unknown, scope: Map<string, unknown>): unknown {
  if (typeof arg !== "object" || arg === null || Array.isArray(arg))
    return Array.isArray(arg) ? arg.map((item: unknown) => resolve(item, scope)) : arg;
  const object = arg as Record<string, unknown>;
  if ("$obj" in object) {
    const holder = { current: object["$value"] };
    scope.set(String(object["$obj"]), holder);
    return holder;
  }
  if ("$" in object) return evaluate(String(object["$"]), scope);
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, resolve(value, scope)]));
}

function evaluate(expression: string, scope: Map<string, unknown>): unknown {
  if (expression.startsWith("{")) {
    const literal: unknown = JSON.parse(expression);
    return resolve(literal, scope);
  }
  const length = /^len\((.*)\)$/.exec(expression);
  if (length?.[1] !== undefined) {
    const value = evaluate(length[1], scope);
    return Array.isArray(value) || typeof value === "string" ? value.length : 0;
  }
  const [first = "", ...path] = expression.split(".");
  // The name of something of Go's, a constant for instance.
  if (!scope.has(first)) return expression;
  const named = scope.get(first);
  if (typeof named !== "object" || named === null) return undefined;
  if ("current" in named) return descend(named.current, path[0] === "Object" ? path.slice(1) : path);
  const result = named as { value?: unknown; error?: unknown };
  if (path[0] === "err") return result.error;
  if (path[0] === "out")
    return result.error === undefined ? descend(result.value, path.slice(1)) : path.length === 1 ? emptyLike(result) : undefined;
  return path.length === 0 ? (result.error ?? result.value) : descend(result.value, path);
}

/** A failed call gives the zero value of its result, which the corpus writes as "" or null. */
function emptyLike(_result: unknown): unknown {
  return "";
}

function descend(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (current, key) => (typeof current === "object" && current !== null ? (current as Record<string, unknown>)[key] : undefined),
    value,
  );
}

function matches(found: unknown, matcher: readonly unknown[], scope: Map<string, unknown>): boolean {
  const [name, wanted] = matcher;
  switch (name) {
    case "BeNil":
      return found === undefined || found === null;
    case "BeTrue":
      return found === true;
    case "BeFalse":
      return found === false;
    case "HaveOccurred":
      return found instanceof Error;
    case "MatchError": {
      const text = typeof wanted === "string" ? wanted : String((wanted as Record<string, unknown>)["$error"] ?? "");
      return found instanceof Error && found.message.includes(text);
    }
    case "ContainSubstring":
      return String(found).includes(String(wanted));
    case "Equal":
    case "BeIdenticalTo":
      return isSame(found, resolve(wanted, scope));
    default:
      throw new Error(`matcher ${String(name)} is not known`);
  }
}

/** Zero values and absent fields are the same. */
function isSame(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(canonical(unwrap(left)), canonical(unwrap(right)));
}

function unwrap(value: unknown): unknown {
  return typeof value === "object" && value !== null && "current" in value ? (value as { current: unknown }).current : value;
}

function canonical(value: unknown): unknown {
  if (value === null || value === undefined || value === "" || value === 0 || value === false) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(canonical);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).flatMap(([key, field]) => {
    // A set is a map whose keys are structs, written as JSON, and whose values are empty.
    const inner = key.startsWith("{") ? true : canonical(field);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
