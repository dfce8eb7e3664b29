// SPDX-License-Identifier: Apache-2.0
import { goFloat } from "./go-float.ts";
import { isJsonObject } from "./json-object.ts";
import { stringifyJson } from "./json.ts";
import type { PathNode } from "./json-path/nodes.ts";
import { evaluatePath } from "./json-path/evaluate-path.ts";
import { parsePath } from "./json-path/parse-path.ts";
import { jsonKind } from "./schema/json-kind.ts";

export interface JsonPathOptions {
  /** Fields that are not there give nothing (printer columns do so); otherwise they are an error (`kubectl -o jsonpath`). */
  readonly allowMissingKeys?: boolean;
}

/** A JSONPath template in kubectl's dialect: fields, slices, unions, wildcards, `..`, filters, `range` and `end`. */
export class JsonPath {
  readonly #nodes: readonly PathNode[];
  readonly #allowMissingKeys: boolean;

  /** @throws {KubeCoreError} INVALID_JSON_PATH with client-go's text */
  constructor(template: string, { allowMissingKeys = false }: JsonPathOptions = {}) {
    this.#nodes = parsePath(template);
    this.#allowMissingKeys = allowMissingKeys;
  }

  /**
   * What each part of the template finds: text as one string, an action all of its values.
   *
   * @throws {KubeCoreError} INVALID_JSON_PATH: a field is missing, an index is out of bounds, values cannot be compared, too many results
   * @see k8s.io/client-go util/jsonpath JSONPath.FindResults
   */
  find(value: unknown): readonly (readonly unknown[])[] {
    return evaluatePath(this.#nodes, value, { allowMissingKeys: this.#allowMissingKeys });
  }

  /** The template filled in. @throws as {@link find} @see JSONPath.Execute */
  print(value: unknown): string {
    return this.find(value)
      .map((values) => values.map(printJsonPathValue).join(" "))
      .join("");
  }
}

/** A value as kubectl prints it: objects and lists as compact JSON with sorted keys, null as `null`, text as it is. */
export function printJsonPathValue(value: unknown): string {
  if (Array.isArray(value) || isJsonObject(value)) return stringifyJson(value, { sortKeys: true, escapeHtml: true });
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return value;
  return jsonKind(value) === "number" && typeof value === "number" ? goFloat(value) : stringifyJson(value);
}

/**
 * The path of a printer column (`.status.conditions[?(@.type=="Ready")].status`), without braces.
 *
 * @returns a function from an object to the first value there; undefined when there is none or the path does not fit
 * @throws {KubeCoreError} INVALID_JSON_PATH
 */
export function columnPath(path: string): (object: unknown) => unknown {
  const parsed = new JsonPath(`{${path}}`, { allowMissingKeys: true });
  return (object) => {
    try {
      return parsed.find(object)[0]?.[0];
    } catch {
      return undefined;
    }
  };
}
