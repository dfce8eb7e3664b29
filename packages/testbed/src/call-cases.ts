// SPDX-License-Identifier: Apache-2.0
// An interpreter of the corpus' steps and matchers: a table of what each of them does.
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CaseResult, Suite, SuiteOptions } from "./conformance.ts";
import type { Result, Scope } from "./call-expressions.ts";
import { evaluate, Holder, interpolate, isResult, outcome } from "./call-expressions.ts";

/** One step of a case. @see flux/README.md of the corpus */
export interface Step {
  readonly [field: string]: unknown;
}

export interface Case {
  readonly id?: string;
  /** The test of Go that it is of. */
  readonly test?: string;
  readonly setup?: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly files?: readonly string[];
  /** Parts of it could not be read: its loops say less than the test did. */
  readonly unresolved?: unknown;
}

/** What calls of one case share. */
export interface Run {
  readonly testCase: Case;
  /** The fixtures of the repository that the case is from. */
  readonly fixtures: string;
  /** A folder of the case's own. */
  readonly folder: string;
  /** What steps have set. */
  readonly variables: Scope;
  /** Undone at the end, the last first. */
  readonly cleanup: (() => Promise<void> | void)[];
}

/** Several results of one call. */
export class Several {
  readonly values: readonly unknown[];

  constructor(...values: readonly unknown[]) {
    this.values = values;
  }
}

/** Ours for a function of Flux: throws as it fails; `on` is what a method is called of. */
export type Call = (args: readonly unknown[], on: unknown, run: Run) => unknown;

/**
 * A step that only some suites know. `text` fills in expressions and temporary folders, `resolve` does so in any value; what it
 * gives is named by the step's `as`.
 */
export type StepHandler = (
  step: Step,
  run: Run,
  text: (value: string) => string,
  resolve: (value: unknown) => Promise<unknown>,
) => Promise<Result | undefined>;

export interface CaseSuite {
  readonly name: string;
  /** Files under `flux/` of the corpus. */
  readonly files: readonly string[];
  readonly calls: Readonly<Record<string, Call>>;
  readonly knownFailures: Readonly<Record<string, string>>;
  /** Why a test cannot be run at all: its cases are told as skipped. */
  readonly skip?: (test: string, testCase: Case) => string | undefined;
  /** More steps, by the field that makes them one. */
  readonly steps?: Readonly<Record<string, StepHandler>>;
  /** Where fixtures of a file's cases lie, under `flux/` of the corpus. Default: where upstream has its package. */
  readonly fixtures?: string;
  /** What figures are grouped by. Default: the file's folder. */
  readonly areaOf?: (file: string) => string;
}

/** A suite of call cases that work with files and servers. A case with a call that we have not fails. */
export function caseSuite(cases: CaseSuite): Suite {
  const { name, files, calls, knownFailures, skip, steps = {}, areaOf = dirname } = cases;
  return {
    name,
    knownFailures,
    present: (folder) => files.some((file) => existsSync(join(folder, "flux", file))),
    async run(folder: string, tell: (result: CaseResult) => void, options: SuiteOptions): Promise<void> {
      for (const file of files) {
        const path = join(folder, "flux", file);
        if (!existsSync(path)) continue;
        const lines = readFileSync(path, "utf8").split("\n");
        const found = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Case);
        const setups = new Map(found.filter(({ id }) => id === undefined).map((each) => [each.setup ?? "", each.steps ?? []]));
        for (const testCase of found) {
          if (testCase.id === undefined || options.filter?.test(testCase.id) === false) continue;
          const why = skip?.(testCase.test ?? "", testCase);
          if (why !== undefined) {
            tell({ name: testCase.id, area: areaOf(file), outcome: "skipped", detail: why });
            continue;
          }
          const beside = join("fixtures", file.split("/")[0] ?? "", dirname(file).split("/").slice(1).join("/"));
          const fixtures = join(folder, "flux", cases.fixtures ?? beside);
          const detail = await runCase(testCase, setups.get(testCase.setup ?? "") ?? [], { calls, steps }, fixtures);
          tell({
            name: testCase.id,
            area: areaOf(file),
            ...(detail === undefined ? { outcome: "passed" } : { outcome: "failed", detail }),
          });
        }
      }
    },
  };
}

/** What a suite knows beyond the steps of all. */
type Known = Required<Pick<CaseSuite, "calls" | "steps">>;

/** Undefined: passed. */
async function runCase(testCase: Case, setup: readonly Step[], known: Known, fixtures: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "case-"));
  const variables: Scope = new Map<string, unknown>([["now", "now"]]);
  const run: Run = { testCase, fixtures, folder, variables, cleanup: [] };
  const interpreter = new Interpreter(run, known);
  try {
    await interpreter.runAll([...setup, ...(testCase.steps ?? [])]);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    for (const undo of run.cleanup.reverse()) await undo();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Interpreter {
  readonly #scope: Scope;
  readonly #run: Run;
  readonly #calls: Known["calls"];
  readonly #steps: Known["steps"];

  constructor(run: Run, { calls, steps }: Known) {
    this.#run = run;
    this.#scope = run.variables;
    this.#calls = calls;
    this.#steps = steps;
  }

  /** As {@link runAll}; what the steps declare with `let` is forgotten at their end. */
  async #runBlock(steps: readonly Step[]): Promise<string | undefined> {
    const names = steps.flatMap((step) => ("let" in step ? [String(step["let"])] : []));
    const before = names.map((name) => [name, this.#scope.has(name), this.#scope.get(name)] as const);
    try {
      return await this.runAll(steps);
    } finally {
      for (const [name, wasKnown, value] of before) {
        if (wasKnown) this.#scope.set(name, value);
        else this.#scope.delete(name);
      }
    }
  }

  /** Returns what a branch that leaves said. */
  async runAll(steps: readonly Step[]): Promise<string | undefined> {
    for (const step of steps) {
      const left = await this.#step(step);
      if (left !== undefined) return left;
    }
    return undefined;
  }

  async #step(step: Step): Promise<string | undefined> {
    const own = Object.keys(step).find((key) => Object.hasOwn(this.#steps, key));
    if (own !== undefined) {
      const result = await this.#steps[own]?.(
        step,
        this.#run,
        (text) => this.#text(text),
        (value) => this.#resolve(value),
      );
      if (typeof step["as"] === "string") this.#scope.set(step["as"], result);
    } else if ("call" in step) {
      const result = await this.#call(String(step["call"]), (step["args"] ?? []) as readonly unknown[], step["on"]);
      if (typeof step["as"] === "string") this.#scope.set(step["as"], result);
    } else if ("expect" in step) this.#expect(step);
    else if ("if" in step) return this.#branch(step);
    else if ("let" in step || "set" in step) this.#scope.set(String(step["let"] ?? step["set"]), await this.#resolve(step["value"]));
    else if ("background" in step) return this.runAll(step["background"] as readonly Step[]);
    else if ("forEach" in step) await this.#forEach(step);
    else if ("writeFile" in step) this.#write(String(step["writeFile"]), await this.#resolve(step["content"]));
    else if ("mkdir" in step) mkdirSync(this.#path(String(step["mkdir"])), { recursive: true });
    else if ("symlink" in step) this.#symlink(String(step["symlink"]), String(step["target"]));
    else if ("remove" in step) rmSync(this.#path(String(step["remove"])), { recursive: true, force: true });
    else if ("chmod" in step) chmodSync(this.#path(String(step["chmod"])), Number(outcomeOf(await this.#resolve(step["mode"]))));
    else if ("loop" in step && this.#run.testCase.unresolved !== undefined) return undefined;
    else throw new Error(`step not understood: ${Object.keys(step).join(", ")}`);
    return undefined;
  }

  async #call(name: string, args: readonly unknown[], on: unknown): Promise<Result> {
    const call = Object.hasOwn(this.#calls, name) ? this.#calls[name] : undefined;
    if (call === undefined) throw new Error(`no counterpart of ${name}`);
    const resolved: unknown[] = [];
    for (const arg of args) resolved.push(await this.#resolve(arg));
    const target = await this.#resolve(on);
    try {
      const value = await call(resolved, target instanceof Holder ? target.current : target, this.#run);
      return { values: value instanceof Several ? value.values : [value] };
    } catch (error) {
      return { values: [], error: error as Error };
    }
  }

  #expect(step: Step): void {
    const found = this.#found(step["expect"]);
    for (const key of ["to", "not"] as const) {
      const matcher = step[key];
      if (!Array.isArray(matcher) || isUnknownFunction(matcher)) continue;
      if (this.#matches(found, matcher) !== (key === "to")) {
        throw new Error(`${String(step["expect"])} is ${show(found)}, expected ${key} ${show(matcher)}`);
      }
    }
  }

  /** What is expected of: an expression, or a value. */
  #found(expected: unknown): unknown {
    if (typeof expected === "object" && expected !== null && "$value" in expected) return this.#resolveNow(expected.$value);
    const expression = String(expected).replaceAll("/$TMP", `${this.#run.folder}/TMP`);
    return evaluate(this.#local(expression), this.#scope);
  }

  /** The case's working directory is its own folder. */
  #local(expression: string): string {
    return expression.replace(/^((?:read|l?stat)\w*\(")(?![/⟦])/, (_, begin: string) => `${begin}${this.#run.folder}/`);
  }

  async #branch(step: Step): Promise<string | undefined> {
    const isTrue = evaluate(String(step["if"]), this.#scope) === true;
    const left = await this.#runBlock((isTrue ? step["then"] : (step["else"] ?? [])) as readonly Step[]);
    return left ?? (isTrue && typeof step["thenExits"] === "string" ? step["thenExits"] : undefined);
  }

  async #forEach(step: Step): Promise<void> {
    const list = outcomeOf(evaluate(String(step["forEach"]), this.#scope));
    const held = list instanceof Holder ? list.current : list;
    // Of a list, numbers are the keys.
    const entries = typeof held === "object" && held !== null ? Object.entries(held) : [];
    for (const [key, each] of entries) {
      this.#scope.set("each", each);
      this.#scope.set("key", Array.isArray(held) ? Number(key) : key);
      if ((await this.#runBlock((step["do"] ?? []) as readonly Step[])) !== undefined) return;
    }
  }

  #write(path: string, content: unknown): void {
    const target = this.#path(path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content instanceof Uint8Array || typeof content === "string" ? content : "");
  }

  #symlink(path: string, target: string): void {
    mkdirSync(dirname(this.#path(path)), { recursive: true });
    symlinkSync(this.#path(target), this.#path(path));
  }

  #path(path: string): string {
    const text = this.#text(path);
    return text.startsWith("/") ? text : join(this.#run.folder, text);
  }

  /** `/$TMP1` is a folder of the case, made when it is first named. */
  #text(text: string): string {
    return interpolate(text, this.#scope).replace(/\/\$TMP(\d+)/g, (_, number: string) => {
      const path = join(this.#run.folder, `TMP${number}`);
      mkdirSync(path, { recursive: true });
      return path;
    });
  }

  async #resolve(value: unknown): Promise<unknown> {
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const item of value) items.push(await this.#resolve(item));
      return items;
    }
    if (typeof value !== "object" || value === null) return value;
    const object = value as Record<string, unknown>;
    if ("$obj" in object) {
      const known = this.#scope.get(String(object["$obj"]));
      if (known instanceof Holder) return known;
      const holder = new Holder(await this.#resolve(object["$value"]));
      this.#scope.set(String(object["$obj"]), holder);
      return holder;
    }
    if ("$" in object) {
      const text = String(object["$"]).replaceAll("/$TMP", `${this.#run.folder}/TMP`);
      if (this.#scope.get(text) instanceof Holder) return this.#scope.get(text);
      // The step that gives it could not be read out of upstream's test; what needs the value will say so.
      if (this.#run.testCase.unresolved !== undefined && /^r\d+$/.test(text) && !this.#scope.has(text)) return undefined;
      return outcomeOf(evaluate(text, this.#scope));
    }
    if ("$call" in object) {
      const result = await this.#call(String(object["$call"]), (object["args"] ?? []) as readonly unknown[], undefined);
      if (result.error !== undefined) throw result.error;
      return result.values[0];
    }
    if ("$base64" in object) return Buffer.from(String(object["$base64"]), "base64");
    const fields: [string, unknown][] = [];
    for (const [key, field] of Object.entries(object)) fields.push([key, await this.#resolve(field)]);
    return Object.fromEntries(fields);
  }

  #matches(found: unknown, [name, wanted, options]: readonly unknown[]): boolean {
    const value = found instanceof Holder ? found.current : found;
    switch (name) {
      case "custom":
        return this.#matchesCustom(value, wanted, options);
      case "BeNil":
        return value === undefined || value === null;
      case "BeTrue":
        return value === true;
      case "BeFalse":
        return value === false;
      case "Succeed":
        return !(value instanceof Error);
      case "HaveOccurred":
        return value instanceof Error;
      case "BeEmpty":
        return canonical(value) === undefined;
      case "BeARegularFile":
        return existsSync(String(value)) && lstatSync(String(value)).isFile();
      case "BeADirectory":
        return existsSync(String(value)) && lstatSync(String(value)).isDirectory();
      case "BeAnExistingFile":
        return existsSync(String(value));
      case "HaveLen":
        return lengthOf(value) === wanted;
      case "MatchError":
        return value instanceof Error && (value.message === wanted || isGoError(wanted));
      case "ContainElement":
        return Array.isArray(value) && value.some((item) => isDeepStrictEqual(canonical(item), canonical(this.#resolveNow(wanted))));
      case "ConsistOf":
        return isSameBag(value, this.#resolveNow(wanted));
      case "ContainSubstring":
        return String(value).includes(this.#text(String(wanted)));
      case "HavePrefix":
        return String(value).startsWith(this.#text(String(wanted)));
      case "HaveSuffix":
        return String(value).endsWith(this.#text(String(wanted)));
      case "Equal":
      case "BeEquivalentTo":
      case "BeIdenticalTo":
        return isDeepStrictEqual(canonical(value), canonical(this.#resolveNow(wanted)));
      default:
        throw new Error(`matcher ${String(name)} is not known`);
    }
  }

  /** A matcher of Flux's own. */
  #matchesCustom(value: unknown, name: unknown, options: unknown): boolean {
    if (name !== "testutil.equalCmpMatcher") throw new Error(`matcher ${String(name)} is not known`);
    const expected = (options as { readonly expected?: unknown } | undefined)?.expected;
    return isDeepStrictEqual(canonical(value), canonical(this.#resolveNow(expected)));
  }

  /** Values of expectations: nothing in them waits. */
  #resolveNow(value: unknown): unknown {
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value)) return value.map((item: unknown) => this.#resolveNow(item));
    if (typeof value !== "object" || value === null) return value;
    const object = value as Record<string, unknown>;
    if ("$error" in object) return new Error(String(object["$error"]));
    if ("$" in object) {
      const text = String(object["$"]).replaceAll("/$TMP", `${this.#run.folder}/TMP`);
      const value = outcomeOf(evaluate(text, this.#scope));
      return value instanceof Holder ? value.current : value;
    }
    if ("$call" in object)
      return this.#calls[String(object["$call"])]?.(this.#resolveNow(object["args"] ?? []) as readonly unknown[], undefined, this.#run);
    // The name of a Go type is no field.
    const fields = Object.entries(object).filter(([key]) => key !== "$type");
    return Object.fromEntries(fields.map(([key, field]) => [this.#text(key), this.#resolveNow(field)]));
  }
}

/** Whether two lists hold the same, in any order. */
function isSameBag(found: unknown, wanted: unknown): boolean {
  if (!Array.isArray(found) || !Array.isArray(wanted) || found.length !== wanted.length) return false;
  const left: unknown[] = found.map(canonical);
  return wanted.every((item) => {
    const at = left.findIndex((one) => isDeepStrictEqual(one, canonical(item)));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function outcomeOf(value: unknown): unknown {
  return isResult(value) ? outcome(value) : value;
}

/** A condition of which the corpus only tells that it is a function: there is nothing to compare with. */
function isUnknownFunction([name, wanted]: readonly unknown[]): boolean {
  return name === "Satisfy" && (wanted as { readonly $func?: unknown } | null)?.$func === "function";
}

/** An error of Go's by name: that there is one is what can be compared. */
function isGoError(wanted: unknown): boolean {
  return typeof wanted === "object" && wanted !== null && "$" in wanted;
}

function lengthOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

function show(value: unknown): string {
  return value instanceof Error ? value.message : String(JSON.stringify(value)).slice(0, 300);
}

/** Zero values and absent fields are the same; functions do not count. */
function canonical(value: unknown): unknown {
  if (value === null || value === undefined || value === "" || value === 0 || value === false || typeof value === "function")
    return undefined;
  if (value instanceof Error) return value.message;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(canonical);
  if (typeof value !== "object") return value;
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const inner = canonical(field);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
