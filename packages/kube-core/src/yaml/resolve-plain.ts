// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "../exact-number.ts";
import { parseTimestamp } from "./timestamp.ts";

/**
 * How plain scalars become values: `sigs` as sigs.k8s.io/yaml (go-yaml v2: `yes`, `no`, `on`, `off`, `y`, `n` are
 * booleans, timestamps stay strings), `kyaml` as kustomize (go-yaml v3: those are strings, timestamps are times).
 */
export type YamlFlavour = "sigs" | "kyaml";

export type ScalarTag = "str" | "null" | "bool" | "int" | "float" | "timestamp" | "merge";

/** A resolved scalar. `canonical` is false when writing the value would not give the text again. */
export interface ResolvedScalar {
  readonly tag: ScalarTag;
  readonly value: unknown;
  readonly canonical: boolean;
}

const sharedWords: ReadonlyMap<string, ResolvedScalar> = new Map<string, ResolvedScalar>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, { tag: "null", value: null, canonical: word === "null" }] as const),
  ...["true", "True", "TRUE"].map((word) => [word, { tag: "bool", value: true, canonical: word === "true" }] as const),
  ...["false", "False", "FALSE"].map((word) => [word, { tag: "bool", value: false, canonical: word === "false" }] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, { tag: "float", value: Number.NaN, canonical: false }] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, { tag: "float", value: Infinity, canonical: false }] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, { tag: "float", value: -Infinity, canonical: false }] as const),
]);

const sigsWords: ReadonlyMap<string, ResolvedScalar> = new Map<string, ResolvedScalar>([
  ...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"].map((word) => [word, { tag: "bool", value: true, canonical: false }] as const),
  ...["n", "N", "no", "No", "NO", "off", "Off", "OFF"].map((word) => [word, { tag: "bool", value: false, canonical: false }] as const),
]);

const decimal = /^(?:0|-?[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Whether a plain scalar could be anything but a string, from its first character. */
export function mayResolve(first: number): boolean {
  // + - . 0-9 ~ and the first letters of the words: f F n N o O t T y Y
  return (
    (first >= 48 && first <= 57) ||
    first === 43 ||
    first === 45 ||
    first === 46 ||
    first === 126 ||
    first === 102 ||
    first === 70 ||
    first === 110 ||
    first === 78 ||
    first === 111 ||
    first === 79 ||
    first === 116 ||
    first === 84 ||
    first === 121 ||
    first === 89
  );
}

/**
 * The value of a plain scalar by Go's rules; undefined for a string.
 * @see go.yaml.in/yaml v2 and v3, resolve
 */
export function resolvePlain(text: string, flavour: YamlFlavour): ResolvedScalar | undefined {
  if (text.length === 0) return sharedWords.get("");
  const first = text.charCodeAt(0);
  if (!mayResolve(first)) return undefined;
  const isDigit = first >= 48 && first <= 57;
  if (!isDigit && text.length <= 5) {
    const word = sharedWords.get(text) ?? (flavour === "sigs" ? sigsWords.get(text) : undefined);
    if (word !== undefined) return word;
  }
  if (first === 46) return resolveFraction(text);
  if (isDigit || first === 43 || first === 45) return resolveNumber(text, flavour);
  return undefined;
}

function resolveFraction(text: string): ResolvedScalar | undefined {
  if (!/^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text.replaceAll("_", ""));
  return Number.isFinite(value) ? { tag: "float", value, canonical: false } : undefined;
}

function resolveNumber(text: string, flavour: YamlFlavour): ResolvedScalar | undefined {
  if (text.length <= 15 && decimal.test(text)) return { tag: "int", value: Number(text), canonical: true };
  const timestamp = parseTimestamp(text);
  // sigs.k8s.io/yaml decodes into `any`, for which go-yaml v2 keeps a timestamp's text.
  if (timestamp !== undefined) {
    return flavour === "sigs"
      ? { tag: "timestamp", value: text, canonical: false }
      : { tag: "timestamp", value: timestamp, canonical: false };
  }
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const integer = parseGoInteger(plain);
  if (integer !== undefined) {
    const canonical = integer.toString() === text;
    if (integer >= BigInt(Number.MIN_SAFE_INTEGER) && integer <= BigInt(Number.MAX_SAFE_INTEGER)) {
      return { tag: "int", value: Number(integer), canonical };
    }
    return { tag: "int", value: new ExactNumber(integer.toString(), true), canonical };
  }
  if (!float.test(plain)) return undefined;
  const value = Number(plain);
  if (!Number.isFinite(value)) return undefined;
  return { tag: "float", value, canonical: String(value) === text };
}

const maxUint64 = 18446744073709551615n;
const minInt64 = -9223372036854775808n;

/** An integer as Go's `strconv.ParseInt(text, 0, 64)`, else `ParseUint`, reads it: 0x, 0o, 0b and a leading 0 for octal. */
function parseGoInteger(plain: string): bigint | undefined {
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|(0|[1-9][0-9]*))$/.exec(plain);
  if (match === null) return undefined;
  const [, sign = "", hex, octal, binary, oldOctal, digits] = match;
  const magnitude =
    hex !== undefined
      ? BigInt(`0x${hex}`)
      : binary !== undefined
        ? BigInt(`0b${binary}`)
        : digits !== undefined
          ? BigInt(digits)
          : BigInt(`0o${octal ?? oldOctal ?? "0"}`);
  // A sign asks for a signed number; without one the unsigned range is tried too.
  if (sign === "-") return -magnitude >= minInt64 ? -magnitude : undefined;
  return magnitude <= (sign === "+" ? 9223372036854775807n : maxUint64) ? magnitude : undefined;
}
