// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "./exact-number.ts";
import { goQuote } from "./go-quote.ts";
import { compareText, isJsonObject } from "./json-object.ts";

/** A JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`, `<nil>`. For the texts of errors. */
export function goPlain(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goPlain).join(" ")}]`;
  if (isJsonObject(value)) return `map[${sortedKeys(value, (key) => `${key}:${goPlain(value[key])}`).join(" ")}]`;
  return typeof value === "number" ? goNumber(value) : String(value);
}

/** A JSON value as Go's `%#v` prints it: `map[string]interface {}{"a":1}`, `[]interface {}{"x"}`. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (typeof value === "string") return goQuote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (isJsonObject(value)) {
    return `map[string]interface {}{${sortedKeys(value, (key) => `${goQuote(key)}:${goSyntax(value[key])}`).join(", ")}}`;
  }
  return typeof value === "number" ? goNumber(value) : String(value);
}

/** The Go type that a decoded JSON value has, as `%T` prints it. */
export function goTypeName(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (value instanceof ExactNumber) return value.isInteger ? "int64" : "float64";
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    default:
      return "map[string]interface {}";
  }
}

function sortedKeys(object: Readonly<Record<string, unknown>>, print: (key: string) => string): string[] {
  return Object.keys(object).sort(compareText).map(print);
}

/** Go switches to exponents at 1e21, and writes at least two digits in them. */
function goNumber(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}
