// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "@flux-ts/kube-core";
import { entriesOf } from "./restructure.ts";

/** Text that is quoted, since it would be read as something else. Numbers are not: dyff leaves them as they are. */
const KEYWORDS: ReadonlySet<string> = new Set(["true", "false", "null"]);

/**
 * YAML for reading: lists are not indented, and text has quotes where it might be misread.
 * @param value JSON, or a map whose keys keep their order
 * @see gonvenience/neat
 */
export function neatYaml(value: unknown): string {
  return write(value, "", false);
}

/** How a scalar is called: `string`, `int`, `float`, `bool`, `<nil>`; and `map`, `list`. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" || value instanceof ExactNumber) return /^-?\d+$/.test(String(value)) ? "int" : "float";
  return "map";
}

function write(value: unknown, prefix: string, isInline: boolean): string {
  if (Array.isArray(value)) {
    return value.map((item, at) => `${isInline && at === 0 ? "" : prefix}- ${write(item, `${prefix}  `, true)}`).join("");
  }
  const entries = entriesOf(value);
  if (entries === undefined) return `${scalar(value, prefix)}\n`;
  if (entries.length === 0) return "{}\n";
  return entries.map(([key, field], at) => `${isInline && at === 0 ? "" : prefix}${key}:${writeField(field, prefix)}`).join("");
}

function writeField(value: unknown, prefix: string): string {
  if (Array.isArray(value)) return value.length === 0 ? " []\n" : `\n${write(value, prefix, false)}`;
  const entries = entriesOf(value);
  if (entries === undefined) return ` ${scalar(value, `${prefix}  `)}\n`;
  return entries.length === 0 ? " {}\n" : `\n${write(value, `${prefix}  `, false)}`;
}

function scalar(value: unknown, prefix: string): string {
  if (typeof value !== "string") return value === null ? "null" : String(value);
  const lines = value.split("\n");
  if (lines.length > 1) return `|\n${lines.map((line) => prefix + line).join("\n")}`;
  return needsQuotes(value) ? JSON.stringify(value) : value;
}

function needsQuotes(text: string): boolean {
  return KEYWORDS.has(text) || text.startsWith("-") || /[ *&:,]/.test(text);
}
