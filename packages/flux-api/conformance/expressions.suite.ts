// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CaseResult, Suite, SuiteOptions } from "@flux-ts/testbed";
import type { KubeObject } from "@flux-ts/kube-core";
import { Expression, Expressions, HealthCheck, HealthChecks } from "../src/cel/index.ts";
import type { HealthCheckExpression } from "../src/health-check-expression.ts";
import { knownFailures } from "./expressions.known-failures.ts";

type Json = Readonly<Record<string, unknown>>;

interface Case extends Json {
  readonly id?: string;
  readonly steps: readonly Json[];
}

const FOLDER = "flux/pkg/runtime/cel";
const GO = "pkg/runtime/cel";

/** What Flux's expressions and health checks give. */
export const suite: Suite = {
  name: "expressions",
  knownFailures,
  present: (folder) => existsSync(join(folder, FOLDER, "expression.jsonl")),
  run(folder: string, tell: (result: CaseResult) => void, { filter }: SuiteOptions): Promise<void> {
    for (const area of ["expression", "status_evaluator", "status_reader"]) {
      const cases = read(join(folder, FOLDER, `${area}.jsonl`));
      const objects = cases.filter(({ id }) => id === undefined).flatMap(createdObjects);
      for (const { id, steps } of cases) {
        if (id === undefined || filter?.test(id) === false) continue;
        tell({ name: id, area, ...runCase(steps, objects) });
      }
    }
    return Promise.resolve();
  },
};

function read(file: string): Case[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Case);
}

function createdObjects({ steps }: Case): KubeObject[] {
  return steps.flatMap((step) => (step["call"] === "Create" ? [(step["args"] as readonly KubeObject[])[0] as KubeObject] : []));
}

function runCase(steps: readonly Json[], objects: readonly KubeObject[]): Pick<CaseResult, "outcome" | "detail"> {
  const player = new Player(objects);
  try {
    for (const step of steps) player.run(step);
    return { outcome: "passed" };
  } catch (error) {
    if (error instanceof NeedsServer) return { outcome: "skipped", detail: error.message };
    return { outcome: "failed", detail: (error as Error).message };
  }
}

class NeedsServer extends Error {}

interface Outcome {
  readonly out?: unknown;
  readonly error?: Error;
}

class Player {
  readonly #objects: readonly KubeObject[];
  readonly #expressions = new Expressions();
  readonly #results = new Map<string, Outcome>();

  constructor(objects: readonly KubeObject[]) {
    this.#objects = objects;
  }

  run(step: Json): void {
    if ("call" in step) this.#results.set(String(step["as"]), this.#attempt(step));
    else if ("expect" in step) this.#expect(step);
    else if (!("createNamespace" in step)) throw new NeedsServer(`step ${Object.keys(step)[0]}`);
  }

  #attempt(step: Json): Outcome {
    const on = (step["on"] as { readonly $?: string } | undefined)?.$ ?? "";
    const args = (step["args"] as readonly unknown[]).map(plain);
    const name = String(step["call"]);
    const target = this.#results.get((on === "" ? name : on).split(".")[0] ?? "")?.out;
    try {
      return { out: this.#call(name, target, args) };
    } catch (error) {
      if (error instanceof NeedsServer) throw error;
      return { error: error as Error };
    }
  }

  #call(name: string, target: unknown, args: readonly unknown[]): unknown {
    const [first, second] = args;
    switch (name) {
      case `${GO}.NewExpression`:
        return newExpression(this.#expressions, String(first), args.slice(1));
      case `${GO}.NewStatusEvaluator`:
        return new HealthCheck(first as object, this.#expressions);
      case `${GO}.NewStatusReader`:
        return new HealthChecks(first as readonly HealthCheckExpression[], this.#expressions);
      case "EvaluateBoolean":
        return (target as Expression).evaluateBoolean(first as Json);
      case "EvaluateString":
        return (target as Expression).evaluateString(first as Json);
      case "EvaluateStringSlice":
        return (target as Expression).evaluateStrings(first as Json);
      case "Evaluate":
        return target instanceof Expression
          ? target.evaluate(first as Json)
          : statusOf((target as HealthCheck).evaluate(first as KubeObject));
      case "Supports": {
        const { Group: group, Kind: kind = "" } = first as Readonly<Record<string, string>>;
        return (target as HealthChecks).find({ group: group ?? "", kind }) !== undefined;
      }
      case "ReadStatus": {
        const named = this.#objects.find(({ metadata }) => metadata.name === (second as Json)["Name"]);
        return statusOf((target as HealthChecks).evaluate(named as KubeObject));
      }
      case "ReadStatusForObject":
        return statusOf((target as HealthChecks).evaluate(second as KubeObject));
      default:
        // A reader is made of the checks and what maps kinds: ours needs no mapping.
        if (target instanceof HealthChecks) return target;
        throw new NeedsServer(name);
    }
  }

  #expect(step: Json): void {
    const [result = "", ...path] = String(step["expect"]).split(".");
    const outcome = this.#results.get(result) ?? {};
    const [matcher, wanted] = (step["to"] ?? step["not"]) as readonly unknown[];
    const field = path[0] === "err" ? outcome.error?.message : path[1] === "Status" ? (outcome.out as Json)["Status"] : outcome.out;
    const holds = matches(String(matcher), field, plain(wanted));
    if (holds === "not" in step) throw new Error(`${JSON.stringify(step)}: got ${JSON.stringify(field)}`);
  }
}

function matches(matcher: string, value: unknown, wanted: unknown): boolean {
  switch (matcher) {
    case "HaveOccurred":
      return value !== undefined;
    case "BeNil":
      return value === undefined;
    case "ContainSubstring":
      return String(value).includes(String(wanted));
    case "Equal":
      return isDeepStrictEqual(value, wanted);
    default:
      throw new Error(`matcher ${matcher}`);
  }
}

function statusOf(result: { readonly status: string } | undefined): unknown {
  return result === undefined ? undefined : { Status: result.status };
}

function newExpression(expressions: Expressions, source: string, options: readonly unknown[]): Expression {
  const named = new Map(
    options.map((option) => [
      String((option as Json)["$call"])
        .split(".")
        .at(-1),
      (option as Json)["args"],
    ]),
  );
  if (!named.has("WithCompile")) {
    // A parsed expression takes no variables and no type: the types say so here.
    if (named.size > 0) throw new Error("output type and variables can only be set when compiling the expression");
    return expressions.parse(source);
  }
  const type = (named.get("WithOutputType") as readonly { readonly $: string }[] | undefined)?.[0]?.$;
  return expressions.compile(source, {
    variables: (named.get("WithStructVariables") as readonly string[] | undefined) ?? [],
    ...(type === undefined ? {} : { outputType: /\.(\w+)Type$/.exec(type)?.[1]?.toLowerCase() ?? "" }),
  });
}

/** Values without the names of their Go types. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { $value, $call, args } = value as Json;
  if ($value !== undefined) return plain($value);
  if (typeof $call === "string" && $call.includes("/common/types.")) return plain((args as readonly unknown[])[0]);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, $call === undefined ? plain(each) : each]));
}
