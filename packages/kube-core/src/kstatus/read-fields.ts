// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../error.ts";
import { getKey, isJsonObject } from "../json-object.ts";
import { goPlain, goTypeName } from "../go-print.ts";

/** Why the status of an object cannot be told: a field is not what it should be. */
export function unreadable(message: string): KubeCoreError {
  return new KubeCoreError("UNREADABLE_STATUS", message);
}

/** A condition as far as it matters here. */
export interface BasicCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** The value at a path of field names; undefined where there is none, or something else on the way. */
export function fieldAt(object: unknown, ...path: readonly string[]): unknown {
  let value: unknown = object;
  for (const name of path) value = isJsonObject(value) ? getKey(value, name) : undefined;
  return value;
}

/** A text, or the default where there is none. */
export function textAt(object: unknown, path: readonly string[], missing: string): string {
  const value = fieldAt(object, ...path);
  return typeof value === "string" ? value : missing;
}

/** An integer, or the default where there is none. */
export function integerAt(object: unknown, path: readonly string[], missing: number): number {
  const value = fieldAt(object, ...path);
  return Number.isInteger(value) ? (value as number) : missing;
}

/**
 * An integer; undefined where there is none.
 *
 * @throws {KubeCoreError} UNREADABLE_STATUS when there is something else
 */
export function requireInteger(object: unknown, ...path: readonly string[]): number | undefined {
  return requireType(object, path, "int64", Number.isInteger) as number | undefined;
}

/** @throws {KubeCoreError} UNREADABLE_STATUS when there is something else than a text */
export function requireText(object: unknown, ...path: readonly string[]): string | undefined {
  return requireType(object, path, "string", (value) => typeof value === "string") as string | undefined;
}

function requireType(object: unknown, path: readonly string[], expected: string, isType: (value: unknown) => boolean): unknown {
  const value = fieldAt(object, ...path);
  if (value === undefined || isType(value)) return value;
  const name = path.join(".");
  throw unreadable(
    `looking up ${name} from resource: .${name} accessor error: ${goPlain(value)} is of the type ${goTypeName(value)}, expected ${expected}`,
  );
}

/**
 * `status.conditions`, in order; none where there are none.
 *
 * @throws {KubeCoreError} UNREADABLE_STATUS when they are no list of objects
 */
export function conditionsOf(object: unknown): readonly BasicCondition[] {
  const status = fieldAt(object, "status");
  if (status === undefined || status === null) return [];
  if (!isJsonObject(status)) throw unreadable(`cannot restore struct from: ${goKind(status)}`);
  const conditions = getKey(status, "conditions");
  if (conditions === undefined || conditions === null) return [];
  if (!Array.isArray(conditions)) throw unreadable(`cannot restore slice from ${goKind(conditions)}`);
  return conditions.map((condition: unknown) => {
    if (!isJsonObject(condition)) throw unreadable(`cannot restore struct from: ${goKind(condition)}`);
    return {
      type: conditionText(condition, "type"),
      status: conditionText(condition, "status"),
      reason: conditionText(condition, "reason"),
      message: conditionText(condition, "message"),
    };
  });
}

function conditionText(condition: Readonly<Record<string, unknown>>, key: string): string {
  const value = getKey(condition, key);
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw unreadable(`cannot convert ${goKind(value)} to string`);
  return value;
}

function goKind(value: unknown): string {
  const name = goTypeName(value);
  return name === "map[string]interface {}" ? "map" : name === "[]interface {}" ? "slice" : name;
}

/** The first condition of this type and status. */
export function findCondition(conditions: readonly BasicCondition[], type: string, status: string): BasicCondition | undefined {
  return conditions.find((condition) => condition.type === type && condition.status === status);
}
