// SPDX-License-Identifier: Apache-2.0
import { portNameProblems, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, numberAt, textAt } from "../shape.ts";
import { at, type Problems } from "./problems.ts";

/** Texts and limits that many kinds share. */
export const NOT_NEGATIVE = "must be greater than or equal to 0";
export const IMMUTABLE = "field is immutable";
export const MAX_INT32 = 2_147_483_647;
export const PROTOCOLS: readonly string[] = ["SCTP", "TCP", "UDP"];
const PORT_RANGE = "must be between 1 and 65535, inclusive";
const ID_RANGE = "must be between 0 and 2147483647, inclusive";
export const MODE_RANGE = "must be a number between 0 and 0777 (octal), both inclusive";

/** The fields that are there must not be negative. */
export function nonNegative(owner: JsonObject, path: string, problems: Problems, ...names: readonly string[]): void {
  for (const name of names) {
    const value = numberAt(owner, name);
    if (value !== undefined && value < 0) problems.invalid(at(path, name), value, NOT_NEGATIVE);
  }
}

/** A required text field. */
export function requireText(owner: JsonObject, path: string, problems: Problems, ...names: readonly string[]): void {
  for (const name of names) if (textAt(owner, name) === "") problems.required(at(path, name));
}

/** One of some values, if it is there. */
export function oneOf(owner: JsonObject, name: string, path: string, problems: Problems, supported: readonly string[]): void {
  if (hasAt(owner, name) && !supported.includes(textAt(owner, name))) problems.notSupported(at(path, name), owner[name], supported);
}

/** One of some values, which must be there. */
export function requireOneOf(owner: JsonObject, name: string, path: string, problems: Problems, supported: readonly string[]): void {
  if (textAt(owner, name) === "") problems.required(at(path, name));
  else oneOf(owner, name, path, problems, supported);
}

/** A port number. */
export function portNumber(value: number, path: string, problems: Problems): void {
  if (value < 1 || value > 65_535) problems.invalid(path, value, PORT_RANGE);
}

/** A port, by number or name. */
export function portNumberOrName(value: unknown, path: string, problems: Problems): void {
  if (typeof value === "string") problems.invalidFor(path, value, portNameProblems(value));
  else portNumber(typeof value === "number" ? value : 0, path, problems);
}

/** Ids of users and groups. */
export function ids(owner: JsonObject, path: string, problems: Problems, ...names: readonly string[]): void {
  for (const name of names) {
    const value = numberAt(owner, name);
    if (value !== undefined && (value < 0 || value > MAX_INT32)) problems.invalid(at(path, name), value, ID_RANGE);
  }
}

/** A file mode. */
export function mode(owner: JsonObject, name: string, path: string, problems: Problems): void {
  const value = numberAt(owner, name);
  if (value !== undefined && (value < 0 || value > 0o777)) problems.invalid(at(path, name), value, MODE_RANGE);
}

/** A path below something: relative, without `..`. */
export function descendingPath(value: string, path: string, problems: Problems): void {
  if (value.startsWith("/")) problems.invalid(path, value, "must be a relative path");
  noBacksteps(value, path, problems);
}

/** A path that never leaves where it starts. */
export function noBacksteps(value: string, path: string, problems: Problems): void {
  if (value.split("/").includes("..")) problems.invalid(path, value, "must not contain '..'");
}

/** A path below something that does not begin with two dots. */
export function nonReservedPath(value: string, path: string, problems: Problems): void {
  descendingPath(value, path, problems);
  if (value.startsWith("..") && !value.startsWith("../")) problems.invalid(path, value, "must not start with '..'");
}
