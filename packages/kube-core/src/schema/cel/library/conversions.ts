// SPDX-License-Identifier: Apache-2.0
import { parseDurationNs } from "../../../duration.ts";
import { goFloat } from "../../../go-float.ts";
import type { PatternCache } from "../../pattern-cache.ts";
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import { formatDuration, formatTimestamp, parseTimestamp } from "../time.ts";
import type { CelDuration, CelTimestamp, CelValue } from "../values.ts";
import { CelTypeValue, CelUint, typeNameOf } from "../values.ts";
import { toDuration, toInt, toTimestamp, toUint } from "./operators.ts";

function same<T extends CelValue>(value: T): T {
  return value;
}

function notConvertible(from: string, to: string): Error {
  return evaluationError(`type conversion error from '${from}' to '${to}'`);
}

/** Conversions between types, and the tests of strings that every environment has. */
export function conversions(patterns: PatternCache): readonly Declaration[] {
  const matches = (text: string, pattern: string): boolean => {
    const mismatch = patterns.mismatch(pattern, text);
    if (mismatch?.compileError !== undefined) throw evaluationError(mismatch.compileError);
    return mismatch === undefined;
  };
  return [
    overload("type(A) type(A)", (value: CelValue) => new CelTypeValue(typeNameOf(value))),
    overload("dyn(A) dyn", same),
    overload("bool(bool) bool", same),
    overload("bool(string) bool", textToBool),
    overload("bytes(bytes) bytes", same),
    overload("bytes(string) bytes", (text: string) => new TextEncoder().encode(text)),
    overload("double(double) double", same),
    overload("double(int) double", Number),
    overload("double(string) double", textToDouble),
    overload("double(uint) double", (value: CelUint) => Number(value.value)),
    overload("duration(duration) duration", same),
    overload("duration(int) duration", (nanos: bigint) => toDuration(nanos)),
    overload("duration(string) duration", textToDuration),
    overload("int(int) int", same),
    overload("int(double) int", doubleToInt),
    overload("int(duration) int", (value: CelDuration) => value.nanos),
    overload("int(string) int", textToInt),
    overload("int(timestamp) int", (value: CelTimestamp) => floorDivide(value.nanos, 1_000_000_000n)),
    overload("int(uint) int", (value: CelUint) => toInt(value.value)),
    overload("string(string) string", same),
    overload("string(bool) string", String),
    overload("string(bytes) string", bytesToText),
    overload("string(double) string", goFloat),
    overload("string(duration) string", formatDuration),
    overload("string(int) string", String),
    overload("string(timestamp) string", formatTimestamp),
    overload("string(uint) string", (value: CelUint) => String(value.value)),
    overload("timestamp(timestamp) timestamp", same),
    overload("timestamp(int) timestamp", (seconds: bigint) => toTimestamp(seconds * 1_000_000_000n)),
    overload("timestamp(string) timestamp", textToTimestamp),
    overload("uint(uint) uint", same),
    overload("uint(double) uint", doubleToUint),
    overload("uint(int) uint", (value: bigint) => toUint(value)),
    overload("uint(string) uint", textToUint),
    overload("string.contains(string) bool", (text: string, part: string) => text.includes(part)),
    overload("string.endsWith(string) bool", (text: string, part: string) => text.endsWith(part)),
    overload("string.startsWith(string) bool", (text: string, part: string) => text.startsWith(part)),
    overload("matches(string, string) bool", matches),
    overload("string.matches(string) bool", matches),
  ];
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const whole = value / by;
  return value % by < 0n ? whole - 1n : whole;
}

/** @see strconv.ParseBool */
function textToBool(text: string): boolean {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  throw notConvertible("string", "bool");
}

/** @see strconv.ParseFloat */
function textToDouble(text: string): number {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
  }
  const special = /^([+-]?)(?:(inf|infinity)|(nan))$/i.exec(text);
  if (special === null) throw notConvertible("string", "double");
  if (special[3] !== undefined) return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function textToDuration(text: string): CelDuration {
  try {
    return toDuration(parseDurationNs(text));
  } catch {
    throw notConvertible("string", "google.protobuf.Duration");
  }
}

function textToTimestamp(text: string): CelTimestamp {
  const nanos = parseTimestamp(text);
  if (nanos === undefined) throw notConvertible("string", "google.protobuf.Timestamp");
  return toTimestamp(nanos);
}

function textToInt(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw notConvertible("string", "int");
  const value = BigInt(text.replace(/^\+/, ""));
  if (value >= 2n ** 63n || value < -(2n ** 63n)) throw notConvertible("string", "int");
  return value;
}

function textToUint(text: string): CelUint {
  if (!/^\d+$/.test(text) || BigInt(text) >= 2n ** 64n) throw notConvertible("string", "uint");
  return new CelUint(BigInt(text));
}

function doubleToInt(value: number): bigint {
  if (!Number.isFinite(value) || value <= -(2 ** 63) || value >= 2 ** 63) throw evaluationError("integer overflow");
  return BigInt(Math.trunc(value));
}

function doubleToUint(value: number): CelUint {
  if (!Number.isFinite(value) || value < 0 || value >= 2 ** 64) throw evaluationError("unsigned integer overflow");
  return new CelUint(BigInt(Math.trunc(value)));
}

function bytesToText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw evaluationError("invalid UTF-8 in bytes, cannot convert to string");
  }
}
