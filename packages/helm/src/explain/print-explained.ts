// SPDX-License-Identifier: Apache-2.0
import { type PrintOptions, printRelease } from "../manifests/print-release.ts";
import type { RenderedRelease } from "../render/render-release.ts";
import type { LineOrigin } from "./line-origins.ts";

/**
 * What `helm template` prints, with a margin: the template and line that each line comes from, and behind it the layer of
 * the values that stand there.
 *
 * @param release rendered with `trace`
 */
export function printExplained(release: RenderedRelease, options: PrintOptions = {}): string {
  const origins = originsOfLines(release, options);
  const lines = printRelease(release, options).replace(/\n$/, "").split("\n");
  const width = Math.max(0, ...origins.map((origin) => origin?.place.length ?? 0));
  return lines.map((line, index) => `${explain(line, origins[index], width)}\n`).join("");
}

function explain(line: string, origin: LineOrigin | undefined, width: number): string {
  const values = (origin?.values ?? []).map(({ path, layer }) => `${path}: ${layer ?? "not set"}`);
  const behind = values.length === 0 ? "" : `  \u2190 ${values.join(", ")}`;
  return `${(origin?.place ?? "").padEnd(width)} \u2502 ${line}${behind}`.trimEnd();
}

/** In the order of the printed lines: documents are found again, one after the other, in what their template wrote. */
function originsOfLines(release: RenderedRelease, options: PrintOptions): (LineOrigin | undefined)[] {
  const origins: (LineOrigin | undefined)[] = [];
  const positions = new Map<string, number>();
  const text = printRelease(release, options);
  for (const part of text.split(/^(?=---\n# Source: )/m)) {
    const lines = part.replace(/\n$/, "").split("\n");
    const path = /^# Source: (.*)$/.exec(lines[1] ?? "")?.[1] ?? "";
    const traced = release.origins?.get(path);
    const content = lines.slice(2).join("\n");
    const start = traced === undefined ? -1 : findLines(traced.text, content, positions.get(path) ?? 0);
    if (start >= 0) positions.set(path, start + lines.length - 2);
    origins.push(undefined, undefined, ...lines.slice(2).map((_, index) => (start < 0 ? undefined : traced?.lines[start + index])));
  }
  return origins;
}

/** The line at which some lines stand in a text, from a line on. */
function findLines(text: string, lines: string, from: number): number {
  const all = text.split("\n");
  const wanted = lines.trimEnd().split("\n");
  for (let start = from; start + wanted.length <= all.length; start++) {
    // The first line may have been cut out of a longer one.
    if (wanted.every((line, index) => (index === 0 ? all[start]?.endsWith(line) : all[start + index] === line))) return start;
  }
  return -1;
}
