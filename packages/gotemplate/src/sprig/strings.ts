// SPDX-License-Identifier: Apache-2.0
import { byteLength, byteSlice, runes } from "../bytes.ts";
import { goQuote } from "../format/quote.ts";
import { formatValue } from "../format/sprintf.ts";
import { FunctionError, limitError } from "../template-error.ts";
import { GoMap, type TemplateFunction, type Value, fn, strings } from "../values.ts";
import { toNumber, toText } from "./convert.ts";
import { isSpace } from "../unicode.ts";
import { camelCase, initials, lower, swapCase, title, untitle, upper, withoutSpace } from "./cases.ts";
import { splitCase } from "./split-case.ts";
import { abbreviate, abbreviateBoth, wrap } from "./wrap.ts";

/** Sprig's functions of strings; positions and lengths count bytes. @see Masterminds/sprig strings.go */
export function stringFunctions(): [string, TemplateFunction][] {
  const text = (run: (value: string) => string): TemplateFunction => fn("string", ([value]) => run(String(value)));
  const trimSet = fn("string,string", ([set, value]) => trimAll(String(value), String(set)));
  return [
    ["trim", text(trimSpace)],
    ["upper", text(upper)],
    ["lower", text(lower)],
    ["title", text(title)],
    ["untitle", text(untitle)],
    ["nospace", text(withoutSpace)],
    ["initials", text(initials)],
    ["swapcase", text(swapCase)],
    ["snakecase", text((value) => splitCase(value, "_"))],
    ["camelcase", text(camelCase)],
    ["kebabcase", text((value) => splitCase(value, "-"))],
    ["trimall", trimSet],
    ["trimAll", trimSet],
    [
      "trimSuffix",
      fn("string,string", ([suffix, value]) =>
        String(value).endsWith(String(suffix)) ? String(value).slice(0, String(value).length - String(suffix).length) : value,
      ),
    ],
    [
      "trimPrefix",
      fn("string,string", ([prefix, value]) =>
        String(value).startsWith(String(prefix)) ? String(value).slice(String(prefix).length) : value,
      ),
    ],
    ["trunc", fn("int,string", ([count, value]) => truncate(toNumber(count), String(value)))],
    ["substr", fn("int,int,string", ([start, end, value]) => substring(toNumber(start), toNumber(end), String(value)))],
    ["abbrev", fn("int,string", ([width, value]) => abbreviate(String(value), toNumber(width)))],
    ["abbrevboth", fn("int,int,string", ([left, right, value]) => abbreviateBoth(String(value), toNumber(left), toNumber(right)))],
    ["repeat", fn("int,string", ([count, value], call) => repeat(String(value), toNumber(count), call.maxSize))],
    ["wrap", fn("int,string", ([width, value]) => wrap(String(value), toNumber(width), "\n", false))],
    ["wrapWith", fn("int,string,string", ([width, separator, value]) => wrap(String(value), toNumber(width), String(separator), true))],
    ["contains", fn("string,string", ([part, value]) => String(value).includes(String(part)))],
    ["hasPrefix", fn("string,string", ([prefix, value]) => String(value).startsWith(String(prefix)))],
    ["hasSuffix", fn("string,string", ([suffix, value]) => String(value).endsWith(String(suffix)))],
    [
      "quote",
      fn("any...", (args) =>
        present(args)
          .map((value) => goQuote(toText(value)))
          .join(" "),
      ),
    ],
    [
      "squote",
      fn("any...", (args) =>
        present(args)
          .map((value) => `'${formatValue(value)}'`)
          .join(" "),
      ),
    ],
    ["cat", fn("any...", (args) => present(args).map(formatValue).join(" "))],
    ["indent", fn("int,string", ([spaces, value], call) => indent(toNumber(spaces), String(value), call.maxSize))],
    ["nindent", fn("int,string", ([spaces, value], call) => `\n${indent(toNumber(spaces), String(value), call.maxSize)}`)],
    ["replace", fn("string,string,string", ([old, by, value], call) => replace(String(value), String(old), String(by), call.maxSize))],
    ["plural", fn("string,string,int", ([one, many, count]) => (toNumber(count) === 1 ? one : many))],
    ["toString", fn("any", ([value]) => toText(value))],
    ["split", fn("string,string", ([separator, value]) => numbered(splitText(String(value), String(separator))))],
    ["splitn", fn("string,int,string", ([separator, count, value]) => numbered(splitN(String(value), String(separator), toNumber(count))))],
    ["splitList", fn("string,string", ([separator, value]) => strings(splitText(String(value), String(separator))))],
  ];
}

function present(args: readonly Value[]): Value[] {
  return args.filter((value) => value !== null && value !== undefined);
}

function trimSpace(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isSpace(value[start] ?? "")) start++;
  while (end > start && isSpace(value[end - 1] ?? "")) end--;
  return value.slice(start, end);
}

function trimAll(value: string, set: string): string {
  const chars = runes(value);
  let start = 0;
  let end = chars.length;
  while (start < end && set.includes(chars[start] ?? "")) start++;
  while (end > start && set.includes(chars[end - 1] ?? "")) end--;
  return chars.slice(start, end).join("");
}

function truncate(count: number, value: string): string {
  const size = byteLength(value);
  if (count < 0 && size + count > 0) return byteSlice(value, size + count, size);
  return count >= 0 && size > count ? byteSlice(value, 0, count) : value;
}

function substring(start: number, end: number, value: string): string {
  const size = byteLength(value);
  if (start < 0) {
    checkBounds(0, end, size);
    return byteSlice(value, 0, end);
  }
  if (end < 0 || end > size) {
    if (start > size) throw new FunctionError(`runtime error: slice bounds out of range [${start}:${size}]`);
    return byteSlice(value, start, size);
  }
  checkBounds(start, end, size);
  return byteSlice(value, start, end);
}

function checkBounds(start: number, end: number, size: number): void {
  if (end < 0) throw new FunctionError(`runtime error: slice bounds out of range [:${end}]`);
  if (end > size) throw new FunctionError(`runtime error: slice bounds out of range [:${end}] with length ${size}`);
  if (start > end) throw new FunctionError(`runtime error: slice bounds out of range [${start}:${end}]`);
}

function repeat(value: string, count: number, maxSize: number): string {
  if (count < 0) throw new FunctionError("strings: negative Repeat count");
  if (value.length * count > maxSize) throw limitError(`a string of ${value.length * count} characters is too long`);
  return value.repeat(count);
}

function indent(spaces: number, value: string, maxSize: number): string {
  if (spaces < 0) throw new FunctionError("strings: negative Repeat count");
  if (spaces > maxSize) throw limitError(`an indentation of ${spaces} is too long`);
  const pad = " ".repeat(spaces);
  return pad + replace(value, "\n", `\n${pad}`, maxSize);
}

function replace(value: string, old: string, by: string, maxSize: number): string {
  if (value.length * (by.length + 1) > maxSize) {
    const count = value.split(old).length - 1;
    if (value.length + count * (by.length - old.length) > maxSize) throw limitError("the string that replace makes is too long");
  }
  if (old !== "") return value.replaceAll(old, () => by);
  return (
    by +
    runes(value)
      .map((char) => char + by)
      .join("")
  );
}

function splitText(value: string, separator: string): string[] {
  return separator === "" ? runes(value) : value.split(separator);
}

function splitN(value: string, separator: string, count: number): string[] {
  if (count === 0) return [];
  const parts = splitText(value, separator);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

function numbered(parts: readonly string[]): GoMap {
  return new GoMap(new Map(parts.map((part, i) => [`_${i}`, part])), "map[string]string");
}
