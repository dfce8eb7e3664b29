// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "../../exact-number.ts";
import type { MergeType } from "./merge-type.ts";

/** What a value is to merging. Null may stand for any of them. */
export type Shape = "scalar" | "list" | "map" | "null";

export function shapeOf(value: unknown): Shape {
  if (value === null) return "null";
  if (typeof value !== "object" || value instanceof ExactNumber) return "scalar";
  return Array.isArray(value) ? "list" : "map";
}

/** As which of the kinds that a type allows its value is handled. `"invalid"`: the type allows none. */
export type Handling = "scalar" | "list" | "map" | "invalid";

/**
 * A value of an allowed shape is handled as that; null, and a value of a shape that is not allowed, as the first of map,
 * scalar and list that the type allows.
 */
export function handlingOf(type: MergeType, shape: Shape): Handling {
  if (shape === "map" && type.map !== undefined) return "map";
  if (shape === "scalar" && type.scalar !== undefined) return "scalar";
  if (shape === "list" && type.list !== undefined) return "list";
  if (type.map !== undefined) return "map";
  if (type.scalar !== undefined) return "scalar";
  return type.list === undefined ? "invalid" : "list";
}

/** Whether a value of this shape narrows the type down to one kind, where it allows several. */
export function isNarrowed(type: MergeType, shape: Shape): boolean {
  return (
    (shape === "map" && type.map !== undefined) ||
    (shape === "scalar" && type.scalar !== undefined) ||
    (shape === "list" && type.list !== undefined)
  );
}
