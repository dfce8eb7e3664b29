// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, isJsonObject, parseYamlDocuments } from "@flux-ts/kube-core";
import type { IgnoredValue } from "./corpus.ts";

/** How two outputs differ, by level; undefined where they do not. */
export interface Difference {
  readonly semantic: string | undefined;
  readonly text: string | undefined;
}

interface Part {
  readonly source: string;
  readonly text: string;
}

/** What stands below each `# Source:` line. */
function partsOf(output: string): Part[] {
  const [first = "", ...rest] = `\n${output}`.split("\n---\n# Source: ");
  const parts = rest.map((part) => {
    const end = part.indexOf("\n");
    return end < 0 ? { source: part, text: "" } : { source: part.slice(0, end), text: part.slice(end + 1) };
  });
  return first.trim() === "" ? parts : [{ source: "", text: first }, ...parts];
}

function hasContent(text: string): boolean {
  return text.replace(/^\s*(?:#.*)?$/gm, "").trim() !== "";
}

function bySource(output: string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { source, text } of partsOf(output)) groups.set(source, [...(groups.get(source) ?? []), text]);
  return groups;
}

/** The documents of texts, or the texts where they are no YAML. */
function documentsOf(texts: readonly string[]): unknown[] {
  return texts.flatMap((text) => {
    try {
      // The line break at the end was taken for part of the next header.
      return parseYamlDocuments(`${text}\n`).filter((document) => document !== null);
    } catch {
      return [text.trimEnd()];
    }
  });
}

/** Where two values differ, as JSON pointers. */
function differences(a: unknown, b: unknown, path: string, out: string[]): void {
  if (out.length > 50) return;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) out.push(`${path}: length ${a.length} / ${b.length}`);
    else a.forEach((item, index) => differences(item, b[index], `${path}/${index}`, out));
  } else if (isJsonObject(a) && isJsonObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const child = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (!Object.hasOwn(a, key)) out.push(`${child}: unexpected`);
      else if (!Object.hasOwn(b, key)) out.push(`${child}: missing`);
      else differences(a[key], b[key], child, out);
    }
  } else {
    const x = a instanceof ExactNumber ? a.text : a;
    const y = b instanceof ExactNumber ? b.text : b;
    if (x !== y) out.push(`${path}: ${JSON.stringify(x)?.slice(0, 160)} / ${JSON.stringify(y)?.slice(0, 160)}`);
  }
}

function compareSemantically(want: string, got: string, ignore: readonly IgnoredValue[]): string | undefined {
  const wanted = bySource(want);
  const found = bySource(got);
  for (const [source, texts] of found) if (!wanted.has(source) && hasContent(texts.join(""))) return `unexpected source ${source}`;
  for (const [source, texts] of wanted) {
    const others = found.get(source);
    if (others === undefined) {
      if (hasContent(texts.join(""))) return `missing source ${source}`;
      continue;
    }
    if (texts.length === others.length && texts.every((text, index) => text.trimEnd() === others[index]?.trimEnd())) continue;
    const a = documentsOf(texts);
    const b = documentsOf(others);
    if (a.length !== b.length) return `${source}: ${a.length} documents expected, ${b.length} found`;
    for (const [index, document] of a.entries()) {
      const ignored = ignore.filter((one) => one.source === source && one.doc === index).map(({ path }) => path);
      const out: string[] = [];
      differences(document, b[index], "", out);
      const told = out.filter((text) => !ignored.some((path) => text.startsWith(`${path}:`) || text.startsWith(`${path}/`)));
      if (told.length > 0) return `${source} [${index}]: ${told.slice(0, 4).join("; ")}`;
    }
  }
  const order = (output: string): string =>
    partsOf(output)
      .filter(({ text }) => hasContent(text))
      .map(({ source }) => source)
      .join("\n");
  return order(want) === order(got) ? undefined : "documents are in another order";
}

const IGNORED = "\0";

/** Lines without blanks at their end, and documents without blank lines at theirs. */
function linesOf(text: string): string[] {
  return text
    .replace(/[ \t\r]+$/gm, "")
    .replace(/\n+(?=\n---\n|$)/g, "")
    .trimEnd()
    .split("\n");
}

function compareTexts(want: string, got: string, ignoreLines: readonly number[]): string | undefined {
  const ignored = new Set(ignoreLines);
  const wanted = linesOf(
    want
      .split("\n")
      .map((line, index) => (ignored.has(index + 1) ? IGNORED : line))
      .join("\n"),
  );
  const found = linesOf(got);
  const at = wanted.findIndex((line, index) => line !== IGNORED && line !== found[index]);
  if (at >= 0) return `line ${at + 1}: expected ${JSON.stringify(wanted[at])}, found ${JSON.stringify(found[at])}`;
  return wanted.length === found.length ? undefined : `${wanted.length} lines expected, ${found.length} found`;
}

/**
 * Compares outputs of `helm template` as the corpus judges them.
 *
 * @param ignoreLines numbers of lines of `want` that are made anew each time
 */
export function compareManifests(
  want: string,
  got: string,
  ignore: readonly IgnoredValue[] = [],
  ignoreLines: readonly number[] = [],
): Difference {
  if (want === got) return { semantic: undefined, text: undefined };
  return { semantic: compareSemantically(want, got, ignore), text: compareTexts(want, got, ignoreLines) };
}
