// SPDX-License-Identifier: Apache-2.0
import type { Linting } from "./lint-chart.ts";

/** Whether a chart has a file or folder of a name. */
export function hasEntry({ fs, folder }: Linting, name: string): boolean {
  return fs.list(folder).includes(name);
}

/** A file of the chart as text; undefined when there is none. */
export function readText(linting: Linting, name: string): string | undefined {
  if (!hasEntry(linting, name)) return undefined;
  const content = linting.fs.read(`${linting.folder}/${name}`);
  return typeof content === "string" ? content : new TextDecoder().decode(content);
}
