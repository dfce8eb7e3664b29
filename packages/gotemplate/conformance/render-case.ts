// SPDX-License-Identifier: Apache-2.0
import { webcrypto } from "node:crypto";
import { ExactNumber, parseYaml, stringifyYaml } from "@flux-ts/kube-core";
import {
  GoMap,
  TemplateError,
  type Value,
  WARN_END,
  WARN_START,
  createEngine,
  fromPlain,
  helmFunctions,
  int,
  sprigFunctions,
} from "../src/index.ts";
import { createNodeCrypto } from "../src/node.ts";

/** One case of the corpus. */
export interface TemplateCase {
  readonly name: string;
  readonly dot: "root" | "data";
  readonly template: string;
  readonly valuesText: string;
  readonly release: string;
  readonly namespace: string;
}

const CASE = "mini/templates/_case.tpl";
const OUT = "mini/templates/out.yaml";

/** kube-core writes integers of any size as ExactNumber. */
function exact(value: unknown): unknown {
  if (typeof value === "bigint") return new ExactNumber(value.toString(), true);
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== "object" || value === null) return value;
  return Object.assign(Object.create(null), Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exact(item)])));
}

/** Renders a case in a chart of its own, as the corpus was recorded. @throws {Error} with Helm's wording */
export function renderCase(one: TemplateCase): string {
  const stringify = (value: unknown): string => stringifyYaml(exact(value));
  const sources = {
    now: () => 1_700_000_000_000_000_000n,
    random: (count: number) => webcrypto.getRandomValues(new Uint8Array(count)),
  };
  const functions = new Map([
    ...sprigFunctions({ ...sources, crypto: createNodeCrypto(sources) }),
    ...helmFunctions({
      stringifyYaml: stringify,
      stringifyYamlPretty: (value) => stringifyYaml(value, { flavour: "v3" }),
      parseYaml: readYaml,
    }),
  ]);
  const engine = createEngine({ functions, missingKey: "zero" });
  try {
    engine.parse(OUT, `out: {{ include "${CASE}" ${one.dot === "data" ? ".Values.data" : "."} }}\n`);
    engine.parse(CASE, one.template);
  } catch (error) {
    throw error instanceof TemplateError ? new Error(parseProblem(error.message)) : error;
  }
  try {
    return engine.execute(OUT, root(one)).slice("out: ".length, -1);
  } catch (error) {
    throw error instanceof TemplateError ? new Error(executionProblem(error.message)) : error;
  }
}

/** Renders a template with some data as its dot, for tests of single functions. */
export function render(template: string, data: unknown = {}): string {
  return renderCase({ name: "", dot: "data", template, valuesText: JSON.stringify({ data }), release: "rel", namespace: "ns" });
}

/** sigs.k8s.io/yaml says at which of its two steps a text failed. */
function readYaml(text: string): unknown {
  try {
    return parseYaml(text, { severalDocuments: "first" });
  } catch (error) {
    throw error instanceof Error ? new Error(`error converting YAML to JSON: ${error.message}`, { cause: error }) : error;
  }
}

function parseProblem(message: string): string {
  const parts = message.split(": ");
  return `parse error at (${parts[1] ?? ""}): ${parts.at(-1) ?? ""}`;
}

function executionProblem(message: string): string {
  const warning = new RegExp(`${WARN_START}([^]*)${WARN_END}`).exec(message)?.[1];
  const [, place = ""] = /^template: (\S+): /.exec(message) ?? [];
  return warning === undefined ? message : `execution error at (${place}): ${warning.replaceAll(WARN_START, "").replaceAll(WARN_END, "")}`;
}

function root({ valuesText, release, namespace }: TemplateCase): Value {
  const values = fromPlain(parseYaml(valuesText) ?? {});
  const map = (entries: Record<string, Value>, type?: string): GoMap => new GoMap(new Map(Object.entries(entries)), type);
  return map(
    {
      Values: new GoMap(values instanceof GoMap ? values.entries : new Map(), "common.Values"),
      Release: map({ Name: release, Namespace: namespace, Revision: int(1), IsInstall: true, IsUpgrade: false, Service: "Helm" }),
      // What a whole chart has; cases that look into these are not run here.
      Capabilities: map({}),
      Chart: map({}),
      Files: map({}),
      Subcharts: map({}),
      Template: map({ Name: OUT, BasePath: "mini/templates" }, "common.Values"),
    },
    "common.Values",
  );
}
