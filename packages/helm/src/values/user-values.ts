// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, isJsonObject, parseJson } from "@flux-ts/kube-core";
import { HelmError, messageOf } from "../helm-error.ts";
import { loadValues, mergeMaps } from "../chart/load-values.ts";
import { type SetMode, setValues } from "./set-values.ts";

/** A values file: what messages call it, and its text. */
export interface ValuesFile {
  readonly name: string;
  readonly text: string;
}

/** The values that a user gives, by flag. Later ones are over earlier ones, and the kinds over each other in this order. */
export interface UserValuesOptions {
  readonly files?: readonly ValuesFile[];
  readonly setJson?: readonly string[];
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setFile?: readonly string[];
  readonly setLiteral?: readonly string[];
  /** Reads the files that `setFile` names. @throws {Error} `open x: no such file or directory` */
  readonly readFile?: (path: string) => string;
}

/** Values of one flag, for telling where a value comes from. */
export interface ValuesLayer {
  /** What the user gave: the name of a file, or the flag and its line. */
  readonly name: string;
  /** All values up to and with this layer. */
  readonly values: JsonObject;
}

/**
 * Puts together what a user gives as values.
 *
 * @returns the values; integers of `--set` are bigint, which templates see as int64
 * @throws {HelmError} VALUES
 * @see helm.sh/helm/v4 pkg/cli/values Options.MergeValues
 */
export function userValues(options: UserValuesOptions): JsonObject {
  return userValueLayers(options).at(-1)?.values ?? {};
}

/** The same, a layer at a time. */
export function userValueLayers(options: UserValuesOptions): readonly ValuesLayer[] {
  const layers: ValuesLayer[] = [];
  const add = (name: string, make: (values: JsonObject) => JsonObject): void => {
    layers.push({ name, values: make(layers.at(-1)?.values ?? {}) });
  };
  for (const { name, text } of options.files ?? []) add(name, (values) => mergeMaps(values, readFile(name, text)));
  for (const line of options.setJson ?? []) add(`--set-json ${line}`, (values) => setJson(values, line));
  const flags: readonly (readonly [string, readonly string[] | undefined, SetMode])[] = [
    ["--set", options.set, { kind: "typed" }],
    ["--set-string", options.setString, { kind: "text" }],
    ["--set-file", options.setFile, { kind: "file", read: options.readFile ?? noFiles }],
    ["--set-literal", options.setLiteral, { kind: "literal" }],
  ];
  for (const [flag, lines, mode] of flags) {
    for (const line of lines ?? []) add(`${flag} ${line}`, (values) => setLine(values, flag, line, mode));
  }
  return layers;
}

function noFiles(path: string): never {
  throw new HelmError("VALUES", `open ${path}: files cannot be read here`);
}

function readFile(name: string, text: string): JsonObject {
  try {
    return loadValues(text);
  } catch (error) {
    throw new HelmError("VALUES", `failed to parse ${name}: ${messageOf(error)}`, { cause: error });
  }
}

function setLine(values: JsonObject, flag: string, line: string, mode: SetMode): JsonObject {
  try {
    return setValues(values, line, mode);
  } catch (error) {
    throw new HelmError("VALUES", `failed parsing ${flag} data: ${messageOf(error)}`, { cause: error });
  }
}

/** An object is merged, as a values file is; else it is `key=json,…`. */
function setJson(values: JsonObject, line: string): JsonObject {
  if (line.trim().startsWith("{")) {
    let given: unknown;
    try {
      given = parseJson(line.trim());
    } catch (error) {
      throw new HelmError("VALUES", `failed parsing --set-json data JSON: ${line}`, { cause: error });
    }
    return mergeMaps(values, isJsonObject(given) ? given : {});
  }
  try {
    return setValues(values, line, { kind: "json" });
  } catch (error) {
    throw new HelmError("VALUES", `failed parsing --set-json data ${line}`, { cause: error });
  }
}
