// SPDX-License-Identifier: Apache-2.0
// Upstream's cases for conditions of Flux' objects: order, times, generations, lengths, and one condition out of many.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Condition } from "@flux-ts/kube-core";
import { parseJson } from "@flux-ts/kube-core";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { compareConditions, cutMessage, summarize, withCondition } from "../src/conditions.ts";
import { knownFailures } from "./conditions.known-failures.ts";

const FOLDER = "flux/pkg/runtime/conditions";

/** The tests whose subject has a counterpart here; the others are about Go's getters, matchers and patches. */
const covered: ReadonlySet<string> = new Set([
  "TestLexicographicLess",
  "TestMergeRespectGeneration",
  "TestMergeRespectPriority",
  "TestSetLastTransitionTime",
  "TestSetObservedGeneration",
  "TestTrimConditionMessage",
]);

interface Line {
  readonly id?: string;
  readonly test?: string;
  readonly setup?: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly call?: string;
  readonly args?: readonly unknown[];
  readonly as?: string;
  readonly expect?: string;
  readonly to?: readonly [matcher: string, value?: unknown];
  readonly set?: string;
  readonly let?: string;
  readonly value?: unknown;
  readonly if?: string;
  readonly then?: readonly Step[];
  readonly thenExits?: string;
}

export const suite: Suite = {
  name: "conditions",
  knownFailures,
  present: (folder) => existsSync(join(folder, FOLDER)),
  run: async (folder, tell, { filter }) => {
    const files = readdirSync(join(folder, FOLDER)).filter((file) => file.endsWith(".jsonl"));
    for (const file of files.toSorted()) {
      const lines = readFileSync(join(folder, FOLDER, file), "utf8")
        .split("\n")
        .filter((text) => text !== "");
      const all = lines.map((text) => parseJson(text) as Line);
      const setups = new Map(all.filter(({ id }) => id === undefined).map(({ setup = "", steps }) => [setup, steps]));
      for (const { id, test = "", setup = "", steps } of all) {
        if (id === undefined || !covered.has(test) || (filter !== undefined && !filter.test(id))) continue;
        tell(judgeCase(id, [...(setups.get(setup) ?? []), ...steps]));
      }
    }
  },
};

function judgeCase(name: string, steps: readonly Step[]): CaseResult {
  const problem = new Interpreter().run(steps);
  return {
    name,
    area: "conditions",
    outcome: problem === undefined ? "passed" : "failed",
    ...(problem === undefined ? {} : { detail: problem }),
  };
}

/** A condition under its Go field names, as the steps read and set it. */
interface GoCondition {
  Type: string;
  Status: string;
  Reason: string;
  Message: string;
  ObservedGeneration: number;
  LastTransitionTime: string;
}

interface Holder {
  generation: number;
  conditions: readonly Condition[];
}

const NOW = "2026-01-01T00:00:00Z";
const STATUSES: Readonly<Record<string, string>> = { TrueCondition: "True", FalseCondition: "False", UnknownCondition: "Unknown" };

class Interpreter {
  readonly #values = new Map<string, unknown>([
    ["pkg/runtime/conditions.true1", goCondition("true1", "True", "reason true1", "message true1")],
    ["pkg/runtime/conditions.false1", goCondition("false1", "False", "reason false1", "message false1")],
    ["pkg/runtime/conditions.unknown1", goCondition("unknown1", "Unknown", "reason unknown1", "message unknown1")],
  ]);

  /** @returns what is not as expected */
  run(steps: readonly Step[]): string | undefined {
    for (const step of steps) {
      if (step.let !== undefined) this.#values.set(step.let, step.value);
      else if (step.set !== undefined) this.#assign(step.set, this.#evaluate(step.value));
      else if (step.call !== undefined) this.#values.set(step.as ?? "", this.#call(step.call.split(".").at(-1) ?? "", step.args ?? []));
      else if (step.if !== undefined && this.#holds(step.if)) {
        const problem = this.run(step.then ?? []);
        if (problem !== undefined || step.thenExits !== undefined) return problem;
      } else if (step.expect !== undefined && step.to !== undefined) {
        const actual = this.#read(step.expect);
        if (!this.#matches(actual, step.to)) return `${step.expect} is ${JSON.stringify(actual)}, want ${JSON.stringify(step.to)}`;
      }
    }
    return undefined;
  }

  /** `x == null`, `x != null`. */
  #holds(test: string): boolean {
    const [path = "", operator] = test.split(" ");
    const isNull = (this.#read(path) ?? null) === null;
    return operator === "==" ? isNull : !isNull;
  }

  #evaluate(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#evaluate(item));
    if (typeof value !== "object" || value === null) return value;
    const { $: expression, $call: call, args, $obj: name, $value: content } = value as Record<string, unknown>;
    if (typeof call === "string") return this.#call(call.split(".").at(-1) ?? "", (args ?? []) as unknown[]);
    if (typeof name === "string") {
      const evaluated = this.#evaluate(content);
      this.#values.set(name, evaluated);
      return evaluated;
    }
    if (typeof expression === "string") return this.#read(expression);
    const fields = Object.fromEntries(Object.entries(value).map(([key, field]) => [key, this.#evaluate(field)]));
    return "kind" in fields ? holderOf(fields) : fields;
  }

  /** `r1`, `r1.Reason`, `len(r1.Message)`, `append(cs, r1)`. */
  #read(expression: string): unknown {
    const call = /^(\w+)\((.*)\)$/.exec(expression);
    if (call !== null) {
      const [first, second] = (call[2] ?? "").split(", ").map((argument) => this.#read(argument));
      return call[1] === "len" ? new TextEncoder().encode(String(first)).length : [...((first ?? []) as unknown[]), second];
    }
    if (this.#values.has(expression)) return this.#values.get(expression);
    const dot = expression.lastIndexOf(".");
    const owner = this.#values.get(expression.slice(0, dot)) as Record<string, unknown> | undefined;
    return owner?.[expression.slice(dot + 1)];
  }

  #assign(path: string, value: unknown): void {
    const dot = path.lastIndexOf(".");
    const owner = this.#values.get(path.slice(0, dot)) as Record<string, unknown> | undefined;
    if (owner === undefined) this.#values.set(path, value);
    else owner[path.endsWith(".Generation") ? "generation" : path.slice(dot + 1)] = value;
  }

  #call(name: string, raw: readonly unknown[]): unknown {
    const args = raw.map((argument) => this.#evaluate(argument));
    const status = Object.hasOwn(STATUSES, name) ? STATUSES[name] : undefined;
    if (status !== undefined) return goCondition(String(args[0]), status, String(args[1]), String(args[2] === "%s" ? args[3] : args[2]));
    switch (name) {
      case "lexicographicLess":
        return compareConditions(fromGo(args[0] as GoCondition), fromGo(args[1] as GoCondition)) < 0;
      case "trimConditionMessage":
        return cutMessage(String(args[0]), Number(args[1]));
      case "HaveSameStateOf":
        return args[0];
      case "Get": {
        const found = (args[0] as Holder).conditions.find(({ type }) => type === args[1]);
        return found === undefined ? undefined : toGo(found);
      }
      case "Set": {
        const holder = args[0] as Holder;
        const { type, status: next, reason, message } = fromGo(args[1] as GoCondition);
        holder.conditions = withCondition(
          holder.conditions,
          type,
          { status: next, reason, message },
          { generation: holder.generation, timestamp: NOW },
        );
        return undefined;
      }
      case "merge": {
        const [all, target, options] = args as [{ Condition: GoCondition }[], string, { negativePolarityConditionTypes: string[] | null }];
        const conditions = all.map(({ Condition }) => fromGo(Condition));
        const rule = {
          conditions: [...new Set(conditions.map(({ type }) => type))],
          negative: options.negativePolarityConditionTypes ?? [],
        };
        const merged = summarize(conditions, target, rule);
        return merged === undefined ? undefined : goCondition(target, merged.status, merged.reason, merged.message);
      }
      default:
        throw new Error(`unknown function ${name}`);
    }
  }

  #matches(actual: unknown, [matcher, raw]: readonly [string, unknown?]): boolean {
    const expected = this.#evaluate(raw);
    switch (matcher) {
      case "BeTrue":
        return actual === true;
      case "BeFalse":
        return actual === false;
      case "BeNil":
        return actual === undefined || actual === null;
      case "Equal":
      case "BeEquivalentTo":
        return actual === expected;
      case "custom":
        return isSameState(actual as GoCondition | undefined, expected as GoCondition);
      default:
        throw new Error(`unknown matcher ${matcher}`);
    }
  }
}

function isSameState(left: GoCondition | undefined, right: GoCondition): boolean {
  return left?.Type === right.Type && left.Status === right.Status && left.Reason === right.Reason && left.Message === right.Message;
}

function goCondition(type: string, status: string, reason: string, message: string): GoCondition {
  return { Type: type, Status: status, Reason: reason, Message: message, ObservedGeneration: 0, LastTransitionTime: "" };
}

function fromGo({ Type, Status, Reason, Message, ObservedGeneration, LastTransitionTime }: GoCondition): Condition {
  return {
    type: Type,
    status: Status as Condition["status"], // one of STATUSES, or what the case says
    reason: Reason,
    message: Message,
    observedGeneration: ObservedGeneration,
    lastTransitionTime: LastTransitionTime,
  };
}

function toGo({ type, status, reason, message, observedGeneration = 0, lastTransitionTime }: Condition): GoCondition {
  return { ...goCondition(type, status, reason, message), ObservedGeneration: observedGeneration, LastTransitionTime: lastTransitionTime };
}

function holderOf(object: Record<string, unknown>): Holder {
  const { metadata, status } = object as { metadata?: { generation?: number }; status?: { conditions?: GoCondition[] } };
  return { generation: metadata?.generation ?? 0, conditions: (status?.conditions ?? []).map(fromGo) };
}
