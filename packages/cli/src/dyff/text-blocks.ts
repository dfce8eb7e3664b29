// SPDX-License-Identifier: Apache-2.0
import { withoutPaint } from "./paint.ts";

/** What dyff takes for the width of what is no terminal. */
export const DEFAULT_COLUMNS = 80;
const SEPARATOR = "   ";

/** Blocks of lines next to each other where the width allows it, else below each other. @see dyff writeTextBlocks */
export function textBlocks(indent: number, blocks: readonly string[], columns: number): string {
  const widths = blocks.map((block) => Math.max(...block.split("\n").map(lengthOf)));
  const width = indent + (blocks.length - 1) * SEPARATOR.length + widths.reduce((sum, each) => sum + each, 0);
  if (width > columns) return blocks.map((block) => linesOf(block, indent)).join("");
  return sideBySide(SEPARATOR, indent, blocks);
}

function linesOf(block: string, indent: number): string {
  return block
    .split("\n")
    .map((line) => `${" ".repeat(indent)}${line}\n`)
    .join("");
}

/** Columns of text, without a line break at the end. */
export function sideBySide(separator: string, indent: number, columns: readonly string[]): string {
  const lines = columns.map((column) => column.split("\n"));
  const widths = lines.map((each) => Math.max(...each.map(lengthOf)));
  const rows = Math.max(...lines.map((each) => each.length));
  return Array.from({ length: rows }, (_, row) =>
    lines
      .map((each, column) => {
        const line = each[row] ?? "";
        return " ".repeat(indent) + line + " ".repeat((widths[column] ?? 0) - lengthOf(line));
      })
      .join(separator)
      .replace(/ +$/, ""),
  ).join("\n");
}

function lengthOf(line: string): number {
  return [...withoutPaint(line)].length;
}
