// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { parseYaml, stringifyYaml, YamlError } from "@flux-ts/kube-core";
import { expand } from "./expand.ts";
import { SubstituteError } from "./substitute-error.ts";

/** Says, as a label or an annotation with the value `disabled`, that an object is left as it is. */
export const SUBSTITUTE_KEY = "kustomize.toolkit.fluxcd.io/substitute";

export interface SubstituteOptions {
  readonly strict: boolean;
}

/**
 * Expands variables in an object: it is written as YAML (which drops quotes that YAML does not need), expanded as text,
 * and read again, so `replicas: "${N}"` becomes a number. An object that opts out comes back as it is.
 *
 * @throws {SubstituteError} `message` is what upstream puts after `post build failed for '…': `
 * @see fluxcd/pkg kustomize SubstituteVariables; spec G-SUB-5, 6, 7, 9 and §6
 */
export function substitute(object: KubeObject, variables: ReadonlyMap<string, string>, options: SubstituteOptions): KubeObject {
  if (optsOut(object)) return object;
  requireNames(variables);
  // Without a dollar sign the text says the same before and after.
  if (!holdsDollar(object)) return object;
  return readObject(expandYaml(stringifyYaml(object), variables, options));
}

/** Whether an object opts out of substitution. The value is compared exactly. @see spec G-SUB-6 */
export function optsOut({ metadata }: KubeObject): boolean {
  return valueOf(metadata.labels) === "disabled" || valueOf(metadata.annotations) === "disabled";
}

function valueOf(map: Readonly<Record<string, string>> | undefined): string | undefined {
  return map !== undefined && Object.hasOwn(map, SUBSTITUTE_KEY) ? map[SUBSTITUTE_KEY] : undefined;
}

const NAME = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

/** @see spec G-SUB-1 */
function requireNames(variables: ReadonlyMap<string, string>): void {
  for (const name of variables.keys()) {
    if (NAME.test(name)) continue;
    const message = `envsubst error: '${name}' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'`;
    throw new SubstituteError("BAD_NAME", message);
  }
}

function holdsDollar(value: unknown): boolean {
  if (typeof value === "string") return value.includes("$");
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsDollar);
  return Object.entries(value).some(([key, field]) => key.includes("$") || holdsDollar(field));
}

function expandYaml(text: string, variables: ReadonlyMap<string, string>, options: SubstituteOptions): string {
  try {
    return expand(text, variables, options);
  } catch (error) {
    if (!(error instanceof SubstituteError)) throw error;
    throw new SubstituteError(error.code, `envsubst error: variable substitution failed: ${error.message}`, { cause: error });
  }
}

function readObject(text: string): KubeObject {
  let value: unknown;
  try {
    value = parseYaml(text, { flavour: "sigs" });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new SubstituteError("BAD_RESULT", `envsubst error: YAMLToJSON: ${withoutValues(error)}`, { cause: error });
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw new SubstituteError("BAD_RESULT", `UnmarshalJSON: ${problem}`);
  return value as KubeObject;
}

/** A parser's words that quote the text would quote values, and values may come from Secrets. */
function withoutValues({ line, problem }: YamlError): string {
  const place = line === undefined ? "" : ` line ${line}:`;
  return `yaml:${place} ${/["'<`]/.test(problem) ? "what the variables made of the object is not YAML" : problem}`;
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "the result is not an object";
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  if (typeof kind !== "string" || kind === "") return "Object 'Kind' is missing";
  if (typeof apiVersion !== "string" || apiVersion === "") return "Object 'apiVersion' is missing";
  const name = typeof metadata === "object" && metadata !== null ? (metadata as Record<string, unknown>)["name"] : undefined;
  if (typeof name !== "string" || name === "") return "the result has no metadata.name that is a string";
  return undefined;
}
