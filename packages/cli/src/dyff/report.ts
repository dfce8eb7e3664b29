// SPDX-License-Identifier: Apache-2.0
import type { Detail, Difference } from "./compare.ts";
import { compareDocuments } from "./compare.ts";
import { diffLines } from "./diff-lines.ts";
import { certificateText } from "./certificate-text.ts";
import { neatYaml, typeName } from "./neat-yaml.ts";
import { restructure } from "./restructure.ts";
import { DEFAULT_COLUMNS, sideBySide, textBlocks } from "./text-blocks.ts";

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/**
 * What differs between two objects, in dyff's layout for people, without colours.
 *
 * @param columns the width of the terminal: changes stand beside each other where there is room
 * @returns a line break alone when nothing differs
 * @see homeport/dyff v1.10.2 pkg/dyff/output_human.go
 */
export function reportDifferences(from: unknown, to: unknown, columns: number = DEFAULT_COLUMNS): string {
  return `${compareDocuments(from, to)
    .map((difference) => render(difference, columns))
    .join("")}\n`;
}

function render({ path, details }: Difference, columns: number): string {
  const place = path.length === 0 ? "(root level)" : path.join(".");
  return `\n${place}\n${textBlocks(
    0,
    details.map((detail) => renderDetail(detail, columns)),
    columns,
  )}`;
}

function renderDetail(detail: Detail, columns: number): string {
  switch (detail.kind) {
    case "added":
      return `+ ${counted(detail.value)} added:\n${textBlocks(2, [neatYaml(restructure(detail.value))], columns)}`;
    case "removed":
      return `- ${counted(detail.value)} removed:\n${textBlocks(0, [neatYaml(restructure(detail.value))], columns)}`;
    case "reordered":
      return renderOrder(detail.from, detail.to, columns);
    case "changed":
      return renderChange(detail.from, detail.to, columns);
  }
}

function counted(value: unknown): string {
  if (Array.isArray(value)) return plural(value.length, "list entry", "list entries");
  return plural(value instanceof Map ? value.size : 0, "map entry", "map entries");
}

function plural(count: number, one: string, many: string): string {
  return `${NUMBERS[count] ?? count} ${count === 1 ? one : many}`;
}

function renderOrder(from: unknown, to: unknown, columns: number): string {
  const texts = [from, to].map((list) =>
    Array.isArray(list) ? list.map((item) => (typeof item === "string" && item !== "" ? item : neatYaml(item))) : [],
  );
  const lengths = texts.map((list) => list.join(", ").length);
  if (Math.max(...lengths) < Math.trunc(columns / 2))
    return `⇆ order changed\n- ${texts[0]?.join(", ") ?? ""}\n+ ${texts[1]?.join(", ") ?? ""}\n`;
  return `⇆ order changed\n${sideBySide(
    " ",
    2,
    texts.map((list) => list.join("\n")),
  )}`;
}

function renderChange(from: unknown, to: unknown, columns: number): string {
  if (typeof from === "string" && typeof to === "string") return renderText(from, to, columns);
  const [before, after] = [typeName(from), typeName(to)];
  const what = before === after ? "value change" : `type change from ${before} to ${after}`;
  return `± ${what}\n${prefixed("- ", valueText(from))}${prefixed("+ ", valueText(to))}`;
}

function valueText(value: unknown): string {
  return value === null || value === undefined ? "<nil>" : neatYaml(value).replace(/\n+$/, "");
}

function renderText(from: string, to: string, columns: number): string {
  const [fromCertificate, toCertificate] = [certificateText(from), certificateText(to)];
  if (fromCertificate !== undefined && toCertificate !== undefined) {
    return `± certificate change\n${textBlocks(0, [prefixed("- ", fromCertificate), prefixed("+ ", toCertificate)], columns)}`;
  }
  if (trimmed(from) === trimmed(to)) {
    const visible = (text: string): string => text.replaceAll("\n", "↵\n").replaceAll(" ", "·");
    return `± whitespace only change\n${textBlocks(0, [prefixed("- ", visible(from)), prefixed("+ ", visible(to))], columns)}`;
  }
  if (!from.includes("\n") && !to.includes("\n")) return `± value change\n${prefixed("- ", from)}${prefixed("+ ", to)}`;
  const hunks = diffLines(from, to);
  const count = (kind: "insert" | "delete"): number => hunks.filter((hunk) => hunk.kind === kind).length;
  const summary = `${plural(count("insert"), "insert", "inserts")}, ${plural(count("delete"), "deletion", "deletions")}`;
  const body = hunks.map(({ kind, lines }) => lines.map((line) => `${kind === "insert" ? "+ " : "- "}${line}\n`).join("")).join("");
  return `± value change in multiline text (${summary})\n${body}\n`;
}

function trimmed(text: string): string {
  return text.replace(/^[ \n]+/, "").replace(/[ \n]+$/, "");
}

/** The first line with a prefix, the others as far to the right. */
function prefixed(prefix: string, text: string): string {
  return text
    .split("\n")
    .map((line, at) => `${at === 0 ? prefix : " ".repeat(prefix.length)}${line}\n`)
    .join("");
}
