// SPDX-License-Identifier: Apache-2.0
import { compareText, ExactNumber } from "@flux-ts/kube-core";
import { isMapping } from "../mapping.ts";

/** JSON as Go's encoding/json writes a map: keys sorted by bytes, `<`, `>`, `&`, U+2028 and U+2029 escaped. */
export function stringifyGoJson(value: unknown, indent = ""): string {
  return write(value, indent, "");
}

function write(value: unknown, indent: string, at: string): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return formatNumber(value);
  if (value instanceof ExactNumber) return value.isInteger ? value.text : formatNumber(value.valueOf());
  const inner = at + indent;
  const [open, close, separator, colon] = indent === "" ? ["", "", ",", ":"] : [`\n${inner}`, `\n${at}`, `,\n${inner}`, ": "];
  if (Array.isArray(value)) {
    return value.length === 0 ? "[]" : `[${open}${value.map((item) => write(item, indent, inner)).join(separator)}${close}]`;
  }
  if (!isMapping(value)) return JSON.stringify(value);
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .toSorted(compareText);
  if (keys.length === 0) return "{}";
  return `{${open}${keys.map((key) => `${quote(key)}${colon}${write(value[key], indent, inner)}`).join(separator)}${close}}`;
}

const special = /[<>&\u2028\u2029]/g;

function quote(text: string): string {
  return JSON.stringify(text).replace(special, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** JavaScript and Go agree on when to use an exponent and how, but for whole numbers and -0. */
function formatNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value);
}
