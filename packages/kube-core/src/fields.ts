// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "./error.ts";
import { compareText } from "./json-object.ts";

/** One condition on a field. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Conditions that must all hold; none: everything matches. */
export type FieldSelector = readonly FieldRequirement[];

/**
 * Parses `metadata.name=a,status.phase!=Running`. In values `\,`, `\=` and `\\` stand for the character itself. Which
 * fields there are is the caller's to know.
 *
 * @throws {KubeCoreError} INVALID_FIELD_SELECTOR with apimachinery's text
 * @see apimachinery fields.ParseSelector
 */
export function parseFieldSelector(selector: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(selector).sort(compareText)) {
    if (term === "") continue;
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    if (match === null) throw fail(`invalid selector: '${selector}'; can't understand '${term}'`);
    const [, field = "", operator, value = ""] = match;
    const plain = unescapeValue(value);
    if (field === "" && plain === "") continue;
    requirements.push({ field, operator: operator === "!=" ? "!=" : "=", value: plain });
  }
  return requirements;
}

/** Whether an object fulfils the selector. `fieldOf` gives the text of a field, `""` when it is not set. */
export function matchesFields(selector: FieldSelector, fieldOf: (field: string) => string): boolean {
  return selector.every(({ field, operator, value }) => (fieldOf(field) === value) === (operator === "="));
}

/** The canonical text. */
export function formatFieldSelector(selector: FieldSelector): string {
  return selector.map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`).join(",");
}

/** Puts a backslash before what a value may not hold bare. */
export function escapeFieldValue(value: string): string {
  return value.replace(/[\\,=]/g, (character) => `\\${character}`);
}

function splitTerms(selector: string): string[] {
  return selector === "" ? [] : [...selector.matchAll(/(?<=^|,)((?:[^\\,]|\\[\s\S]|\\$)*)(?=,|$)/g)].map((match) => match[1] ?? "");
}

function unescapeValue(value: string): string {
  let plain = "";
  for (let at = 0; at < value.length; at++) {
    const character = value[at] ?? "";
    if (character === "," || character === "=") {
      throw fail(`invalid field selector: unescaped character in value: ${character.charCodeAt(0)}`);
    }
    if (character !== "\\") {
      plain += character;
      continue;
    }
    const next = value[++at] ?? "";
    if (next !== "\\" && next !== "," && next !== "=") throw fail(`invalid field selector: invalid escape sequence: \\${next}`);
    plain += next;
  }
  return plain;
}

function fail(message: string): KubeCoreError {
  return new KubeCoreError("INVALID_FIELD_SELECTOR", message);
}
