// SPDX-License-Identifier: Apache-2.0
import { builtins } from "./execute/builtins.ts";
import { DeepTemplates, drive } from "./execute/deep.ts";
import {
  type Budget,
  type Compiled,
  type Frame,
  type Limits,
  type MissingKey,
  type OnWrite,
  type Run,
  STACK_DEPTH,
  checkDepth,
  failLimit,
} from "./execute/execution.ts";
import type { Functions } from "./execute/expressions.ts";
import { compileList } from "./execute/statements.ts";
import { goQuote } from "./format/quote.ts";
import type { ListNode } from "./parse/nodes.ts";
import { type Trees, isEmptyTree, parseTemplate } from "./parse/parse.ts";
import { TemplateError, limitError } from "./template-error.ts";
import type { Call, Nested, TemplateFunction, TemplateScope, Value } from "./values.ts";

export interface EngineOptions {
  /** Functions by name, beside Go's own and over them. */
  readonly functions?: ReadonlyMap<string, TemplateFunction>;
  /** What a key that a map does not have gives: nothing ("invalid", Go's default), nil ("zero", Helm's), or an error. */
  readonly missingKey?: MissingKey;
  readonly limits?: Partial<Limits>;
}

/** Templates that know each other. */
export interface Engine {
  /**
   * Adds the templates of a text: the text under `name`, and what it defines. A template replaces an older one of its
   * name, unless it is blank.
   *
   * @throws {TemplateError} PARSE
   */
  parse(name: string, text: string): void;
  has(name: string): boolean;
  /** Names of all templates, oldest first. */
  names(): string[];
  /**
   * Runs a template.
   *
   * @param onWrite is told what the template itself writes, piece by piece, and where the node that does stands
   * @returns its output; bytes that are not UTF-8 as lone surrogates (see `toBytes`)
   * @throws {TemplateError} EXECUTE, LIMIT
   */
  execute(name: string, data: Value, onWrite?: OnWrite): string;
}

/** Generous for charts, and few enough that a template bomb ends in seconds. */
export const DEFAULT_LIMITS: Limits = { maxSteps: 50_000_000, maxOutput: 64 * 1024 * 1024, maxDepth: 100_000 };

/** The cache of texts that `tpl` ran is emptied when it holds this many. */
const MAX_CACHED_TEXTS = 2000;

/** How many runs of templates by functions, such as Helm's tpl, may be inside of each other: each holds its own output. */
const MAX_RUNS = 5000;

/** What Helm calls the template that all others belong to. */
const ROOT_NAME = "gotpl";

/** A template, which is compiled when it first runs: most of a chart's never do. */
class Template implements Compiled {
  readonly list: ListNode;
  readonly #functions: Functions;
  #run: Run | undefined;

  constructor(list: ListNode, functions: Functions) {
    this.list = list;
    this.#functions = functions;
  }

  get run(): Run {
    this.#run ??= compileList(this.list, this.#functions);
    return this.#run;
  }
}

/** What an engine and all scopes made from it share. */
interface Setup {
  readonly functions: Functions;
  readonly hasFunction: (name: string) => boolean;
  readonly missingKey: MissingKey;
  readonly limits: Limits;
  readonly texts: Map<string, ReadonlyMap<string, Template>>;
  readonly deep: DeepTemplates;
}

/**
 * An engine with no templates yet. Agrees with Go 1.26's text/template.
 *
 * @see https://pkg.go.dev/text/template
 */
export function createEngine({ functions = new Map(), missingKey = "invalid", limits = {} }: EngineOptions = {}): Engine {
  const own = builtins();
  const lookup: Functions = {
    get: (name) => functions.get(name) ?? own.get(name),
    isBuiltin: (name) => !functions.has(name) && own.has(name),
  };
  const setup: Setup = {
    functions: lookup,
    hasFunction: (name) => lookup.get(name) !== undefined,
    missingKey,
    limits: { ...DEFAULT_LIMITS, ...limits },
    texts: new Map(),
    deep: new DeepTemplates(lookup),
  };
  const templates = new TemplateSet(setup, undefined);
  return {
    parse: (name, text) => templates.add(compileTrees(setup, parseTemplate(name, text, setup.hasFunction))),
    has: (name) => templates.find(name) !== undefined,
    names: () => templates.names(),
    execute: (name, data, onWrite) =>
      new Scope(templates, "", { limits: setup.limits, steps: 0, output: 0, depth: 0 }).execute(name, data, onWrite),
  };
}

function compileTrees(setup: Setup, trees: Trees): Map<string, Template> {
  return new Map([...trees].map(([name, list]) => [name, new Template(list, setup.functions)]));
}

/** Templates by name; those of a parent are seen, and can be hidden. */
class TemplateSet {
  readonly setup: Setup;
  readonly #parent: TemplateSet | undefined;
  readonly #own = new Map<string, Template>();

  constructor(setup: Setup, parent: TemplateSet | undefined) {
    this.setup = setup;
    this.#parent = parent;
  }

  find(name: string): Template | undefined {
    return this.#own.get(name) ?? this.#parent?.find(name);
  }

  names(): string[] {
    return [...new Set([...(this.#parent?.names() ?? []), ...this.#own.keys()])];
  }

  add(compiled: ReadonlyMap<string, Template>): void {
    for (const [name, template] of compiled) {
      if (this.find(name) !== undefined && isEmptyTree(template.list)) continue;
      this.#own.set(name, template);
    }
  }
}

/** Templates as one execution sees them. */
class Scope implements TemplateScope {
  readonly name: string;
  readonly #templates: TemplateSet;
  readonly #budget: Budget;

  constructor(templates: TemplateSet, name: string, budget: Budget) {
    this.#templates = templates;
    this.name = name;
    this.#budget = budget;
  }

  execute(name: string, given: Value, onWrite?: OnWrite): string {
    return this.#execute(this.#find(name), name, given, onWrite);
  }

  executeNested(name: string, given: Value): Nested<string> {
    return this.#executeNested(this.#find(name), name, given, undefined);
  }

  #find(name: string): Template {
    const template = this.#templates.find(name);
    if (template !== undefined) return template;
    throw new TemplateError("EXECUTE", `template: no template ${goQuote(name)} associated with template ${goQuote(ROOT_NAME)}`);
  }

  #execute(template: Template, name: string, given: Value, onWrite: OnWrite | undefined): string {
    if (this.#budget.depth >= STACK_DEPTH) return drive(this.#executeNested(template, name, given, onWrite));
    const { frame, data } = this.#begin(name, given, onWrite);
    try {
      template.run(frame, data);
    } catch (error) {
      if (error instanceof RangeError) failLimit(frame, "templates need more stack than there is: control structures are nested too deep");
      throw error;
    } finally {
      this.#budget.depth--;
    }
    return frame.out.join("");
  }

  *#executeNested(template: Template, name: string, given: Value, onWrite: OnWrite | undefined): Nested<string> {
    const { frame, data } = this.#begin(name, given, onWrite);
    try {
      yield this.#templates.setup.deep.list(frame, template.list, data);
    } finally {
      this.#budget.depth--;
    }
    return frame.out.join("");
  }

  /** Makes the frame of a template that runs on its own, and counts it. */
  #begin(name: string, given: Value, onWrite: OnWrite | undefined): { readonly frame: Frame; readonly data: Value } {
    // A nil is no value at all, as reflection has it.
    const data = given ?? undefined;
    const { setup } = this.#templates;
    const budget = this.#budget;
    const frame: Frame = {
      templateName: name,
      names: ["$"],
      values: [data],
      held: [false],
      isDotHeld: false,
      out: [],
      budget,
      deep: setup.deep,
      missingKey: setup.missingKey,
      call: this.#call(),
      lookup: (other) => this.#templates.find(other),
      onWrite,
      node: undefined,
    };
    checkDepth(frame, MAX_RUNS);
    budget.depth++;
    return { frame, data };
  }

  executeText(name: string, text: string, data: Value, wrap: (stage: "parse" | "execute", error: TemplateError) => unknown): string {
    const { scope, main } = this.#scopeOf(name, text, wrap);
    try {
      return scope.#execute(main, name, data, undefined);
    } catch (error) {
      throw error instanceof TemplateError ? wrap("execute", error) : error;
    }
  }

  *executeTextNested(
    name: string,
    text: string,
    data: Value,
    wrap: (stage: "parse" | "execute", error: TemplateError) => unknown,
  ): Nested<string> {
    const { scope, main } = this.#scopeOf(name, text, wrap);
    try {
      return yield* scope.#executeNested(main, name, data, undefined);
    } catch (error) {
      throw error instanceof TemplateError ? wrap("execute", error) : error;
    }
  }

  /** Templates with those of a text, and the text itself, which runs also where one of blanks does not replace another of its name. */
  #scopeOf(
    name: string,
    text: string,
    wrap: (stage: "parse" | "execute", error: TemplateError) => unknown,
  ): { readonly scope: Scope; readonly main: Template } {
    const { setup } = this.#templates;
    const templates = new TemplateSet(setup, this.#templates);
    try {
      const compiled = this.#compileText(setup, name, text);
      templates.add(compiled);
      return { scope: new Scope(templates, name, this.#budget), main: compiled.get(name) ?? this.#find(name) };
    } catch (error) {
      throw error instanceof TemplateError ? wrap("parse", error) : error;
    }
  }

  #compileText(setup: Setup, name: string, text: string): ReadonlyMap<string, Template> {
    const key = `${name}\0${text}`;
    const known = setup.texts.get(key);
    if (known !== undefined) return known;
    const compiled = compileTrees(setup, parseTemplate(name, text, setup.hasFunction));
    if (setup.texts.size >= MAX_CACHED_TEXTS) setup.texts.clear();
    setup.texts.set(key, compiled);
    return compiled;
  }

  #call(): Call {
    const budget = this.#budget;
    return {
      templates: this,
      maxSize: budget.limits.maxOutput,
      spend: (steps) => {
        budget.steps += steps;
        if (budget.steps > budget.limits.maxSteps) throw limitError(`template takes more than ${budget.limits.maxSteps} steps`);
      },
    };
  }
}
