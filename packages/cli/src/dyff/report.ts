// SPDX-License-Identifier: Apache-2.0
import type { Detail, Difference } from "./compare.ts";
import { compareDocuments } from "./compare.ts";
import { diffLetters } from "./diff-letters.ts";
import { diffLines } from "./diff-lines.ts";
import { certificateText } from "./certificate-text.ts";
import { neatYaml, typeName } from "./neat-yaml.ts";
import type { ColorName, Paint } from "./paint.ts";
import { plain, withoutPaint } from "./paint.ts";
import { restructure } from "./restructure.ts";
import { DEFAULT_COLUMNS, sideBySide, textBlocks } from "./text-blocks.ts";

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/** How a report is written. */
export interface ReportStyle {
  /** The width of the terminal: changes stand beside each other where there is room. Default 80. */
  readonly columns?: number;
  /** Default: without colours. */
  readonly paint?: Paint;
}

type Style = Required<ReportStyle>;

/**
 * What differs between two objects, in dyff's layout for people.
 *
 * @returns a line break alone when nothing differs
 * @see homeport/dyff v1.10.2 pkg/dyff/output_human.go
 */
export function reportDifferences(from: unknown, to: unknown, { columns = DEFAULT_COLUMNS, paint = plain }: ReportStyle = {}): string {
  const style = { columns, paint };
  return `${compareDocuments(from, to)
    .map((difference) => render(difference, style))
    .join("")}\n`;
}

function render({ path, details }: Difference, style: Style): string {
  const elements = path.map(({ text, isName = false }) => style.paint(text, undefined, { bold: true, italic: isName }));
  const place = path.length === 0 ? style.paint("(root level)", undefined, { bold: true }) : elements.join(".");
  return `\n${place}\n${textBlocks(
    0,
    details.map((detail) => renderDetail(detail, style)),
    style.columns,
  )}`;
}

function renderDetail(detail: Detail, style: Style): string {
  const { paint, columns } = style;
  switch (detail.kind) {
    case "added":
      return `${paint(`+ ${counted(detail.value)} added:\n`, "changed")}${textBlocks(
        2,
        [neatYaml(restructure(detail.value), { paint, scheme: "added" })],
        columns,
      )}`;
    case "removed":
      return `${paint(`- ${counted(detail.value)} removed:\n`, "changed")}${textBlocks(
        0,
        [neatYaml(restructure(detail.value), { paint, scheme: "removed" })],
        columns,
      )}`;
    case "reordered":
      return renderOrder(detail.from, detail.to, style);
    case "changed":
      return renderChange(detail.from, detail.to, style);
  }
}

function counted(value: unknown): string {
  if (Array.isArray(value)) return plural(value.length, "list entry", "list entries");
  return plural(value instanceof Map ? value.size : 0, "map entry", "map entries");
}

function plural(count: number, one: string, many: string): string {
  return `${NUMBERS[count] ?? count} ${count === 1 ? one : many}`;
}

function renderOrder(from: unknown, to: unknown, { columns, paint }: Style): string {
  const texts = [from, to].map((list) =>
    Array.isArray(list) ? list.map((item) => (typeof item === "string" && item !== "" ? item : neatYaml(item, { paint }))) : [],
  );
  const lengths = texts.map((list) => list.join(", ").length);
  const heading = paint("⇆ order changed\n", "changed");
  if (Math.max(...lengths) < Math.trunc(columns / 2)) {
    return `${heading}${paint(`- ${texts[0]?.join(", ") ?? ""}\n`, "removed")}${paint(`+ ${texts[1]?.join(", ") ?? ""}\n`, "added")}`;
  }
  return `${heading}${sideBySide(
    " ",
    2,
    texts.map((list, at) => paint(list.join("\n"), at === 0 ? "removed" : "added")),
  )}`;
}

function renderChange(from: unknown, to: unknown, style: Style): string {
  if (typeof from === "string" && typeof to === "string") return renderText(from, to, style);
  const { paint } = style;
  const [before, after] = [typeName(from), typeName(to)];
  const what = before === after ? "value change" : `type change from ${before} to ${after}`;
  return `${paint(`± ${what}\n`, "changed")}${paint(prefixed("- ", valueText(from)), "removed")}${paint(prefixed("+ ", valueText(to)), "added")}`;
}

function valueText(value: unknown): string {
  return value === null || value === undefined ? "<nil>" : neatYaml(value).replace(/\n+$/, "");
}

function renderText(from: string, to: string, style: Style): string {
  const { paint, columns } = style;
  const [fromCertificate, toCertificate] = [certificateText(from), certificateText(to)];
  if (fromCertificate !== undefined && toCertificate !== undefined) {
    return `${paint("± certificate change\n", "changed")}${compareByLine(fromCertificate, toCertificate, style)}`;
  }
  if (trimmed(from) === trimmed(to)) {
    const visible = (text: string, color: ColorName): string =>
      text
        .replaceAll("\n", "↵\n")
        .replaceAll(" ", "·")
        .replace(/[·↵]+|[^·↵\n]+/g, (run) => paint(run, color, { bold: /^[·↵]/.test(run) }));
    return `${paint("± whitespace only change\n", "changed")}${textBlocks(
      0,
      [prefixed(paint("- ", "removed"), visible(from, "removed")), prefixed(paint("+ ", "added"), visible(to, "added"))],
      columns,
    )}`;
  }
  if (from.includes("\n") || to.includes("\n")) return renderLines(from, to, paint);
  const heading = paint("± value change\n", "changed");
  const edits = paint === plain ? [] : diffLetters(from, to);
  if (edits.length === 0) return `${heading}${paint(prefixed("- ", from), "removed")}${paint(prefixed("+ ", to), "added")}`;
  // Where next to nothing changed, what did stands out.
  const shown = (kind: "insert" | "delete", color: ColorName, same: ColorName): string =>
    edits
      .filter((edit) => edit.kind === kind || edit.kind === "equal")
      .map((edit) => (edit.kind === kind ? paint(edit.text, color, { bold: true }) : paint(edit.text, same)))
      .join("");
  return `${heading}${paint("- ", "removed")}${shown("delete", "removed", "removedSame")}\n${paint("+ ", "added")}${shown("insert", "added", "addedSame")}\n`;
}

function renderLines(from: string, to: string, paint: Paint): string {
  const hunks = diffLines(from, to);
  const count = (kind: "insert" | "delete"): number => hunks.filter((hunk) => hunk.kind === kind).length;
  const summary = `${plural(count("insert"), "insert", "inserts")}, ${plural(count("delete"), "deletion", "deletions")}`;
  const body = hunks.map(({ kind, lines }) =>
    lines.map((line) => (kind === "insert" ? paint(`+ ${line}\n`, "added") : paint(`- ${line}\n`, "removed"))).join(""),
  );
  return `${paint(`± value change in multiline text (${summary})\n`, "changed")}${body.join("")}\n`;
}

/** Two texts of as many lines: what is the same stands back. */
function compareByLine(from: string, to: string, { paint, columns }: Style): string {
  const [old, now] = [from.split("\n"), to.split("\n")];
  const show = (lines: readonly string[], others: readonly string[], color: ColorName, same: ColorName): string =>
    lines.map((line, at) => paint(line, line === others[at] ? same : color)).join("\n");
  return textBlocks(
    0,
    [
      prefixed(paint("- ", "removed"), show(old, now, "removed", "removedSame")),
      prefixed(paint("+ ", "added"), show(now, old, "added", "addedSame")),
    ],
    columns,
  );
}

function trimmed(text: string): string {
  return text.replace(/^[ \n]+/, "").replace(/[ \n]+$/, "");
}

/** The first line with a prefix, the others as far to the right. */
function prefixed(prefix: string, text: string): string {
  return text
    .split("\n")
    .map((line, at) => `${at === 0 ? prefix : " ".repeat(withoutPaint(prefix).length)}${line}\n`)
    .join("");
}
