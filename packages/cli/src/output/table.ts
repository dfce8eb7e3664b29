// SPDX-License-Identifier: Apache-2.0

/**
 * A table as Flux prints it: cells padded to the widest of their column with a tab after each, headers in upper case with a space after
 * the last, no borders. A cell of several lines takes several lines of the table.
 *
 * @param header names of the columns; empty prints none
 * @see olekukonko/tablewriter v0.0.5 with the options of flux2 pkg/printers
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = header.map((name) => name.toUpperCase());
  const cells = rows.map((row) => row.map((cell) => cell.split("\n")));
  const widths = columnWidths(names, cells);
  const pad = (text: string, column: number): string => text + " ".repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(text)));
  const head = names.length === 0 ? "" : `${names.map(pad).join("\t")} \n`;
  return head + cells.map((row) => renderRow(row, pad)).join("");
}

function columnWidths(names: readonly string[], cells: readonly (readonly (readonly string[])[])[]): readonly number[] {
  const widths = names.map(displayWidth);
  for (const row of cells) {
    row.forEach((lines, column) => {
      for (const line of lines) widths[column] = Math.max(widths[column] ?? 0, displayWidth(line));
    });
  }
  return widths;
}

function renderRow(row: readonly (readonly string[])[], pad: (text: string, column: number) => string): string {
  const height = Math.max(1, ...row.map((lines) => lines.length));
  return Array.from(
    { length: height },
    (_, line) => `${row.map((lines, column) => `${pad(lines[line] ?? "  ", column)}\t`).join("")}\n`,
  ).join("");
}

/** How many columns of a terminal a text takes: wide characters take two, marks on others none. @see mattn/go-runewidth */
function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char.codePointAt(0) ?? 0);
  return width;
}

function charWidth(code: number): number {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f)) return 0;
  const isWide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1f64f) ||
    (code >= 0x1f900 && code <= 0x1f9ff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return isWide ? 2 : 1;
}
