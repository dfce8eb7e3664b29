// SPDX-License-Identifier: Apache-2.0
import { parseDuration } from "@flux-ts/kube-core";

/** One flag: how its text is read, and what it is without one. */
export interface Flag<T> {
  readonly default: T;
  readonly description: string;
  /** `bool` flags stand alone, too. */
  readonly takes: "value" | "bool";
  /** @param before what earlier uses of the flag gave; undefined at the first @throws {Error} what is wrong with the text */
  parse(text: string, before: T | undefined): T;
}

/** Flags of a component by name, without the dashes. */
export type FlagSet = Readonly<Record<string, Flag<unknown>>>;

/** The values of a set of flags, by name. */
export type FlagValues<F extends FlagSet> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

/** Any text. */
export function stringFlag(fallback: string, description: string): Flag<string> {
  return { default: fallback, description, takes: "value", parse: (text) => text };
}

/** One of some texts. */
export function choiceFlag<const T extends string>(choices: readonly T[], fallback: NoInfer<T>, description: string): Flag<T> {
  const parse = (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new Error(`must be one of ${choices.join(", ")}`);
    return found;
  };
  return { default: fallback, description, takes: "value", parse };
}

/** A whole number within bounds, from 0 unless told otherwise. */
export function integerFlag(
  fallback: number,
  description: string,
  bounds: { readonly min?: number; readonly max?: number } = {},
): Flag<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  const parse = (text: string): number => {
    const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(value)) throw new Error("must be an integer");
    if (value < min || value > max)
      throw new Error(`must be ${max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`}`);
    return value;
  };
  return { default: fallback, description, takes: "value", parse };
}

/** True or false, in the spellings that Go takes; the flag alone is true. */
export function booleanFlag(fallback: boolean, description: string): Flag<boolean> {
  const parse = (text: string): boolean => {
    // What Go's strconv.ParseBool takes.
    if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
    if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
    throw new Error("must be true or false");
  };
  return { default: fallback, description, takes: "bool", parse };
}

/** A Go duration; its value is in milliseconds. */
export function durationFlag(fallback: string, description: string): Flag<number> {
  const parse = (text: string): number => {
    const ms = parseDuration(text);
    if (ms < 0) throw new Error("must not be negative");
    return ms;
  };
  return { default: parseDuration(fallback), description, takes: "value", parse };
}

/** Separated by commas, and every use adds to it. */
export function listFlag(description: string): Flag<readonly string[]> {
  const parse = (text: string, before: readonly string[] = []): readonly string[] => [
    ...before,
    ...text.split(",").filter((item) => item !== ""),
  ];
  return { default: [], description, takes: "value", parse };
}

/** `A=true,B=false` over gates with defaults. The unknown ones are the parser's business: another component may have them. */
export function gatesFlag<const G extends Readonly<Record<string, boolean>>>(
  gates: G,
): Flag<{ readonly [K in keyof G]: boolean }> & { readonly gates: G } {
  const parse = (text: string, before: { readonly [K in keyof G]: boolean } = gates): { readonly [K in keyof G]: boolean } => ({
    ...before,
    ...Object.fromEntries(parseGates(text).filter(([name]) => Object.hasOwn(gates, name))),
  });
  return { default: gates, description: "Features that are switched on or off, as Name=true,Other=false.", takes: "value", parse, gates };
}

/** @throws {Error} for what is no gate with a value */
export function parseGates(text: string): readonly (readonly [string, boolean])[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => {
      const [name = "", value = ""] = item.split("=");
      if (!/^(true|false)$/i.test(value)) throw new Error(`missing bool value for ${name}`);
      return [name, value.toLowerCase() === "true"] as const;
    });
}
