// SPDX-License-Identifier: Apache-2.0
import { SpelledScalar, stringifyYaml } from "@flux-ts/kube-core";
import type { YamlPlaces } from "@flux-ts/kube-core";
import { isMapping } from "../mapping.ts";
import { Mistyped } from "../mistyped.ts";
import { plainValue } from "../plain-value.ts";

/** A YAML text, what was read of it, and where its parts stand. */
export interface ReadText {
  readonly text: string;
  readonly value: unknown;
  readonly places: YamlPlaces;
}

const lead = /^\s*(?:- +)*(?:(?:"[^"]*"|'[^']*'|[^\s"'#:-][^:#]*|-[^\s:#][^:#]*):(?= |$))?/;
const scalarLine =
  /^(?<lead>\s*(?:- +)*(?:(?:"[^"]*"|'[^']*'|[^\s"'#:-][^:#]*): +)?)(?<old>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#|>&*!%@`[{](?:[^#]*[^\s#])?)(?<comment> #.*)?$/;

/**
 * Sets one scalar in a YAML text and leaves all else as it is written: comments, quotes, spellings. Works on texts laid out
 * as upstream would write them again.
 *
 * @param path names of fields and numbers of items
 * @param value what the scalar becomes
 * @returns undefined where the text is laid out otherwise, or the path leads to what is no scalar on a line
 */
export function editLine({ text, value: data, places }: ReadText, path: readonly string[], value: unknown): string | undefined {
  const lines = linesAsWritten(text, data);
  const number = lineOf(data, path, places);
  if (lines === undefined || number === undefined) return undefined;
  const found = scalarLine.exec(lines[number - 1] ?? "")?.groups;
  const written = found?.["old"] === undefined ? undefined : inStyleOf(found["old"], value);
  if (found === undefined || written === undefined) return undefined;
  return lines.with(number - 1, `${found["lead"] ?? ""}${written}${found["comment"] ?? ""}`).join("\n");
}

/** Adds fields, given as they would stand alone, behind those of the outermost mapping; as {@link editLine}. */
export function appendFields({ text, value: data }: ReadText, fields: object): string | undefined {
  const lines = linesAsWritten(text, data);
  // A comment at the end belongs to what is above it, which upstream shows with an empty line.
  if (lines === undefined || !isMapping(data) || /^\s*#/.test(lines.at(-1) ?? "#")) return undefined;
  return [...lines, stringifyYaml(plainValue(fields), { sortKeys: false, width: Infinity }).trimEnd()].join("\n");
}

/** The lines of a text that upstream would lay out as they are. */
function linesAsWritten(text: string, data: unknown): readonly string[] | undefined {
  const lines = text.trim().split("\n");
  if (/\S {2,}#|\t/.test(text) || !text.startsWith(lines[0] ?? "") || lines.some((line) => line.trim() === "")) return undefined;
  const laidOut = stringifyYaml(plainValue(data), { sortKeys: false, width: Infinity }).trimEnd().split("\n");
  const content = lines.filter((line) => !/^\s*#/.test(line));
  const isAsWritten = content.length === laidOut.length && content.every((line, index) => leadOf(line) === leadOf(laidOut[index] ?? ""));
  return isAsWritten ? lines : undefined;
}

/** What stands in front of the value of a line; a key may be quoted here and not there. */
function leadOf(line: string): string | undefined {
  return lead.exec(line)?.[0].replace(/["']/g, "");
}

function lineOf(data: unknown, path: readonly string[], places: YamlPlaces): number | undefined {
  let value = data;
  let line: number | undefined;
  for (const part of path) {
    if (Array.isArray(value)) {
      if (!/^\d+$/.test(part)) return undefined;
      line = places.lineOfItem(value, Number(part));
      value = value[Number(part)] as unknown;
    } else if (isMapping(value)) {
      line = places.lineOfKey(value, part);
      value = Object.hasOwn(value, part) ? value[part] : undefined;
    } else return undefined;
  }
  return line;
}

function inStyleOf(old: string, value: unknown): string | undefined {
  if (value instanceof SpelledScalar) {
    // Upstream keeps the type that a scalar was read with, and must write it where the text looks like another.
    if (value.text.includes("\n")) return undefined;
    return value.value instanceof Mistyped ? `!!${value.value.expected} ${value.text}`.trimEnd() : value.text;
  }
  if (typeof value === "string") {
    if (!/^[\x20-\x7e]*$/.test(value)) return undefined;
    if (old.startsWith('"')) return `"${value.replace(/["\\]/g, "\\$&")}"`;
    if (old.startsWith("'")) return `'${value.replaceAll("'", "''")}'`;
  }
  const written = stringifyYaml(value, { width: Infinity }).trimEnd();
  return typeof value === "object" || written.includes("\n") ? undefined : written;
}
