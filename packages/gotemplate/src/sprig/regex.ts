// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from "re2js";
import { goBackquote } from "../format/quote.ts";
import { FunctionError, limitError } from "../template-error.ts";
import { type Call, type TemplateFunction, type Value, fn, strings } from "../values.ts";
import { toNumber } from "./convert.ts";

interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

const MAX_PATTERN = 100_000;
const MAX_CACHED = 500;

/** Sprig's functions of regular expressions, in RE2's syntax and linear time. @see Masterminds/sprig regex.go */
export function regexFunctions(): [string, TemplateFunction][] {
  const cache = new Map<string, RE2JS>();
  const compile = (pattern: string, isPanic: boolean): RE2JS => {
    const known = cache.get(pattern);
    if (known !== undefined) return known;
    if (pattern.length > MAX_PATTERN) throw limitError(`a pattern of ${pattern.length} characters is too long`);
    const mark = goBackquote(pattern);
    const failed = (problem: string, cause?: unknown): FunctionError =>
      new FunctionError(`${isPanic ? `regexp: Compile(${mark}): ` : ""}error parsing regexp: ${problem}`, { cause });
    if (/[\ud800-\udfff]/u.test(pattern)) throw failed(`invalid UTF-8: \`${pattern}\``);
    let compiled: RE2JS;
    try {
      compiled = RE2JS.compile(pattern);
    } catch (error) {
      const problem = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : String(error);
      throw failed(problem, error);
    }
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(pattern, compiled);
    return compiled;
  };
  const both = (
    name: string,
    mustName: string,
    signature: string,
    run: (regex: RE2JS, args: readonly string[], count: number) => string | boolean | string[] | undefined,
  ): [string, TemplateFunction][] => {
    const make = (isPanic: boolean): TemplateFunction =>
      fn(signature, ([pattern, ...args], call) => {
        spendMatch(call, pattern, args[0]);
        const found = run(compile(String(pattern), isPanic), args.map(String), signature.endsWith("int") ? toNumber(args.at(-1)) : -1);
        return Array.isArray(found) ? strings(found) : found === undefined ? strings([], true) : found;
      });
    return [
      [name, make(true)],
      [mustName, make(false)],
    ];
  };
  const matches = (regex: RE2JS, [text = ""]: readonly string[]): boolean => regex.matcher(text).find();
  return [
    // A bad pattern does not match, as Sprig drops the error.
    [
      "regexMatch",
      fn("string,string", ([pattern, text], call) => {
        spendMatch(call, pattern, text);
        try {
          return matches(compile(String(pattern), false), [String(text)]);
        } catch (error) {
          if (error instanceof FunctionError) return false;
          throw error;
        }
      }),
    ],
    [
      "mustRegexMatch",
      fn("string,string", ([pattern, text], call) => {
        spendMatch(call, pattern, text);
        return matches(compile(String(pattern), false), [String(text)]);
      }),
    ],
    ...both("regexFind", "mustRegexFind", "string,string", (regex, [text = ""]) => allMatches(regex, text, 1)[0]?.groups[0] ?? ""),
    ...both("regexFindAll", "mustRegexFindAll", "string,string,int", (regex, [text = ""], count) => {
      const found = allMatches(regex, text, count).map((match) => match.groups[0] ?? "");
      return found.length === 0 ? undefined : found;
    }),
    ...both("regexReplaceAll", "mustRegexReplaceAll", "string,string,string", (regex, [text = "", by = ""]) =>
      replaceAll(regex, text, (match) => expand(by, match, regex)),
    ),
    ...both("regexReplaceAllLiteral", "mustRegexReplaceAllLiteral", "string,string,string", (regex, [text = "", by = ""]) =>
      replaceAll(regex, text, () => by),
    ),
    ...both("regexSplit", "mustRegexSplit", "string,string,int", (regex, [text = ""], count) => split(regex, text, count)),
    ["regexQuoteMeta", fn("string", ([text]) => String(text).replace(/[\\.+*?()|[\]{}^$]/g, "\\$&"))],
  ];
}

/** Matching takes time for each character of the text and of the pattern: long ones count as many steps. */
function spendMatch(call: Call, pattern: Value, text: Value): void {
  call.spend(Math.ceil((String(pattern).length * String(text).length) / 16));
}

/** Matches as Go finds them: an empty one right behind another does not count. */
function allMatches(regex: RE2JS, text: string, count: number): Match[] {
  const out: Match[] = [];
  if (count === 0) return out;
  const matcher = regex.matcher(text);
  let previousEnd = -1;
  while ((count < 0 || out.length < count) && matcher.find()) {
    const start = matcher.start();
    const end = matcher.end();
    if (start === end && start === previousEnd) continue;
    previousEnd = end;
    const groups: (string | undefined)[] = [];
    for (let i = 0; i <= matcher.groupCount(); i++) groups.push(matcher.group(i) ?? undefined);
    out.push({ start, end, groups });
  }
  return out;
}

function replaceAll(regex: RE2JS, text: string, by: (match: Match) => string): string {
  let out = "";
  let at = 0;
  for (const match of allMatches(regex, text, -1)) {
    out += text.slice(at, match.start) + by(match);
    at = match.end;
  }
  return out + text.slice(at);
}

/** `$1`, `${1}`, `${name}`, `$$` in a replacement. @see regexp.Expand */
function expand(template: string, match: Match, regex: RE2JS): string {
  return template.replace(
    /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (whole, braced: string | undefined, bare: string | undefined) => {
      if (whole === "$$") return "$";
      const name = braced ?? bare ?? "";
      if (/^[0-9]+$/.test(name)) return match.groups[Number(name)] ?? "";
      const named: unknown = regex.namedGroups();
      if (named === null || typeof named !== "object" || !Object.hasOwn(named, name)) return "";
      const index: unknown = Reflect.get(named, name);
      return typeof index === "number" ? (match.groups[index] ?? "") : "";
    },
  );
}

function split(regex: RE2JS, text: string, count: number): string[] | undefined {
  if (count === 0) return undefined;
  if (regex.pattern() !== "" && text === "") return [""];
  const out: string[] = [];
  let start = 0;
  let end = 0;
  for (const match of allMatches(regex, text, count)) {
    if (count > 0 && out.length === count - 1) break;
    end = match.start;
    if (match.end !== 0) out.push(text.slice(start, end));
    start = match.end;
  }
  if (end !== text.length) out.push(text.slice(start));
  return out;
}
