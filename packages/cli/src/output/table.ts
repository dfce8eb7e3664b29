// SPDX-License-Identifier: Apache-2.0

/**
 * A table as Flux prints it: columns padded to their widest cell with a tab between them, headers in upper case, no borders.
 * @param header names of the columns; empty prints none
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = header.length === 0 ? rows : [header.map((name) => name.toUpperCase()), ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => displayWidth(row[column] ?? ""))));
  return all
    .map((row) => `${row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - displayWidth(cell))).join("\t")}\t\n`)
    .join("");
}

function displayWidth(text: string): number {
  return [...text].length;
}
