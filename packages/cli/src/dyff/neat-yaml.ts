// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "@flux-ts/kube-core";
import type { ColorName, Paint } from "./paint.ts";
import { plain } from "./paint.ts";
import { entriesOf } from "./restructure.ts";

/** Text that is quoted, since it would be read as something else. Numbers are not: dyff leaves them as they are. */
const KEYWORDS: ReadonlySet<string> = new Set(["true", "false", "null"]);

/** How YAML is written: in which colours, if in any. */
export interface YamlStyle {
  readonly paint: Paint;
  readonly scheme?: "added" | "removed";
}

type Part = "Key" | "Indent" | "Scalar" | "Text" | "Null" | "Empty";

/**
 * YAML for reading: lists are not indented, and text has quotes where it might be misread.
 * @param value JSON, or a map whose keys keep their order
 * @see gonvenience/neat
 */
export function neatYaml(value: unknown, style: YamlStyle = { paint: plain }): string {
  return write(value, "", false, style);
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

function painted(text: string, part: Part, { paint, scheme }: YamlStyle, bold = false): string {
  if (scheme === undefined) return paint(text, undefined, { bold });
  // Every scheme has a colour for every part.
  return paint(text, `${scheme}${part}` satisfies ColorName, { bold });
}

function write(value: unknown, prefix: string, isInline: boolean, style: YamlStyle): string {
  const deeper = (): string => prefix + painted("  ", "Indent", style);
  if (Array.isArray(value)) {
    const dash = style.scheme === undefined ? "-" : painted("-", "Key", style);
    return value.map((item, at) => `${isInline && at === 0 ? "" : prefix}${dash} ${write(item, deeper(), true, style)}`).join("");
  }
  const entries = entriesOf(value);
  if (entries === undefined) return `${scalar(value, prefix, style)}\n`;
  if (entries.length === 0) return "{}\n";
  return entries
    .map(([key, field], at) => {
      const name = painted(`${key}:`, "Key", style, true);
      return `${isInline && at === 0 ? "" : prefix}${name}${writeField(field, prefix, deeper(), style)}`;
    })
    .join("");
}

function writeField(value: unknown, prefix: string, deeper: string, style: YamlStyle): string {
  if (Array.isArray(value)) return value.length === 0 ? ` ${painted("[]", "Empty", style)}\n` : `\n${write(value, prefix, false, style)}`;
  const entries = entriesOf(value);
  if (entries === undefined) return ` ${scalar(value, deeper, style)}\n`;
  return entries.length === 0 ? ` ${painted("{}", "Empty", style)}\n` : `\n${write(value, deeper, false, style)}`;
}

function scalar(value: unknown, prefix: string, style: YamlStyle): string {
  if (typeof value !== "string") return value === null ? painted("null", "Null", style) : painted(String(value), "Scalar", style);
  const lines = value.split("\n");
  if (lines.length > 1) {
    return `${painted("|", "Text", style)}\n${lines.map((line) => prefix + painted(line, "Text", style)).join("\n")}`;
  }
  return painted(needsQuotes(value) ? JSON.stringify(value) : value, "Scalar", style);
}

function needsQuotes(text: string): boolean {
  return KEYWORDS.has(text) || text.startsWith("-") || /[ *&:,]/.test(text);
}
