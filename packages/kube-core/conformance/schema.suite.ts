// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { CaseResult, Suite, SuiteOptions } from "@flux-ts/testbed";
import type { FieldError, KubeObject, Schema } from "@flux-ts/kube-core";
import { CustomResourceSchema, definitionNameProblems, fieldErrorCause, validateCustomResourceDefinition } from "@flux-ts/kube-core";
import { compileRules, ruleCompiler } from "@flux-ts/kube-core/cel";
import { knownFailures } from "./schema.known-failures.ts";

interface Step {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly fixture?: string;
  readonly answer: { readonly status: number; readonly body?: unknown };
}

interface Scenario {
  readonly name: string;
  readonly setup: readonly Step[];
  readonly steps: readonly Step[];
}

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema?: { readonly openAPIV3Schema?: Schema };
      readonly subresources?: {
        readonly status?: object;
        readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string };
      };
    }[];
  };
}

interface Defined {
  readonly validator: CustomResourceSchema;
  readonly hasStatus: boolean;
}

/**
 * What kube-apiserver answered to creations of CustomResourceDefinitions and of custom resources, compared with what
 * our schema engine says alone, without a server: the causes of the answers 422, and that there are none for 201.
 */
export const suite: Suite = {
  name: "schema",
  knownFailures,
  present: (folder) => existsSync(join(folder, "apiserver/crd.jsonl.gz")),
  run(folder: string, tell: (result: CaseResult) => void, options: SuiteOptions): Promise<void> {
    const base = join(folder, "apiserver");
    const read = (name: string): string => gunzipSync(readFileSync(join(base, name))).toString("utf8");
    const fixtures = JSON.parse(read("fixtures.json.gz")) as Readonly<Record<string, readonly Step[]>>;
    for (const area of ["crd", "flux"]) {
      for (const line of read(`${area}.jsonl.gz`).split("\n")) {
        if (line !== "") runScenario(area, JSON.parse(line) as Scenario, fixtures, tell, options);
      }
    }
    return Promise.resolve();
  },
};

function runScenario(
  area: string,
  scenario: Scenario,
  fixtures: Readonly<Record<string, readonly Step[]>>,
  tell: (result: CaseResult) => void,
  options: SuiteOptions,
): void {
  const definitions = new Map<string, Defined>();
  const setup = scenario.setup.flatMap((step) => (step.fixture === undefined ? [step] : (fixtures[step.fixture] ?? [])));
  for (const step of setup) if (isCreationOf(step, "customresourcedefinitions")) define(definitions, step.body as Definition);
  for (const step of scenario.steps) {
    const name = `${scenario.name}/${step.id}`;
    const isDefinition = isCreationOf(step, "customresourcedefinitions");
    const schema = isDefinition ? undefined : definitions.get(resourceOf(step));
    const { status, body } = step.answer;
    const isJudged = (status === 201 || status === 422) && step.method === "POST" && typeof step.body === "object" && !isUnresolved(step);
    if (isJudged && (isDefinition || schema !== undefined) && (options.filter?.test(name) ?? true)) {
      const found = isDefinition ? definitionErrors(step.body) : resourceErrors(schema, step);
      tell({ name, area, ...judge(found.map(fieldErrorCause), status, body) });
    }
    if (isDefinition && status === 201) define(definitions, step.body as Definition);
    // What a definition becomes by other requests only a server can tell.
    if (step.path.includes("/customresourcedefinitions/") && step.method !== "GET") forget(definitions, step.path);
  }
}

function forget(definitions: Map<string, unknown>, path: string): void {
  const name = path.split("/customresourcedefinitions/")[1]?.split("/")[0] ?? "";
  for (const key of definitions.keys()) if (key.startsWith(`${name}/`)) definitions.delete(key);
}

/** A body with values of earlier answers. */
function isUnresolved(step: Step): boolean {
  return JSON.stringify([step.body, step.path]).includes("{{");
}

function isCreationOf(step: Step, resource: string): boolean {
  return step.method === "POST" && step.path.endsWith(`/${resource}`);
}

/** `things.example.com/v1` of `/apis/example.com/v1/namespaces/x/things`. */
function resourceOf(step: Step): string {
  const [, , group = "", version = "", ...rest] = step.path.split("/");
  return `${rest.at(-1) ?? ""}.${group}/${version}`;
}

function define(definitions: Map<string, Defined>, definition: Definition): void {
  for (const { name, schema, subresources } of definition.spec.versions) {
    const openApi = schema?.openAPIV3Schema;
    if (openApi === undefined) continue;
    const key = `${definition.spec.names.plural}.${definition.spec.group}/${name}`;
    const validator = new CustomResourceSchema({ schema: openApi, rules: compileRules(openApi), scale: subresources?.scale });
    definitions.set(key, { validator, hasStatus: subresources?.status !== undefined });
  }
}

function definitionErrors(body: unknown): FieldError[] {
  const { name } = (body as KubeObject).metadata;
  const nameErrors = definitionNameProblems(name ?? "", body).map((detail): FieldError => ({
    type: "FieldValueInvalid",
    field: "metadata.name",
    value: name,
    detail,
  }));
  return [...nameErrors, ...validateCustomResourceDefinition(body, { rules: ruleCompiler })];
}

/** Metadata is the server's to judge: its errors are left out on both sides. */
function resourceErrors(defined: Defined | undefined, step: Step): readonly FieldError[] {
  if (defined === undefined) return [];
  const { validator, hasStatus } = defined;
  return validator.validateCreate(prepared(validator.decode(step.body as KubeObject).object, hasStatus)).errors;
}

/** What a server does before it validates a new object: it makes a name, and leaves out the status where that is set apart. */
function prepared(object: KubeObject, hasStatus: boolean): KubeObject {
  const { status, ...rest } = object;
  const { generateName } = object.metadata;
  const named = generateName === undefined ? rest : { ...rest, metadata: { ...object.metadata, name: `${generateName}xxxxx` } };
  return hasStatus || status === undefined ? named : { ...named, status };
}

function judge(found: readonly Cause[], status: number, body: unknown): Pick<CaseResult, "outcome" | "detail"> {
  const details = (body as { readonly details?: { readonly causes?: readonly Cause[] } } | undefined)?.details;
  const wanted = status === 422 ? (details?.causes ?? []) : [];
  const [ours, theirs] = [found, wanted].map((causes) => causes.filter(isOfSchema).map(textOf).toSorted());
  const matches = JSON.stringify(ours) === JSON.stringify(theirs);
  return matches
    ? { outcome: "passed" }
    : { outcome: "failed", detail: `ours ${JSON.stringify(ours)}, recorded ${JSON.stringify(theirs)}` };
}

interface Cause {
  readonly reason?: string;
  readonly field?: string;
  readonly message?: string;
}

function isOfSchema({ field = "" }: Cause): boolean {
  return field !== "kind" && field !== "apiVersion" && (field === "metadata.name" ? false : !/^metadata(?:\.|$)/.test(field));
}

function textOf({ reason, field, message }: Cause): string {
  return `${reason} ${field}: ${message}`;
}
