// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { getKey, isJsonObject } from "@flux-ts/kube-core";

type Path = readonly (string | number)[];

/** The value at a path; undefined where there is none, or something else on the way. Objects come from anywhere: nothing is trusted. */
export function valueAt(object: unknown, ...path: Path): unknown {
  let value: unknown = object;
  for (const part of path) {
    if (typeof part === "number") value = Array.isArray(value) ? (value[part] as unknown) : undefined;
    else value = isJsonObject(value) ? getKey(value, part) : undefined;
  }
  return value;
}

/** A text; `""` where there is none. */
export function textAt(object: unknown, ...path: Path): string {
  const value = valueAt(object, ...path);
  return typeof value === "string" ? value : "";
}

/** A number; undefined where there is none. */
export function numberAt(object: unknown, ...path: Path): number | undefined {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : undefined;
}

export function isTrueAt(object: unknown, ...path: Path): boolean {
  return valueAt(object, ...path) === true;
}

/** The items of a list; none where there is none. */
export function listAt(object: unknown, ...path: Path): readonly unknown[] {
  const value = valueAt(object, ...path);
  return Array.isArray(value) ? value : [];
}

/** Longer messages are read no further. */
const MOST_CHARACTERS = 8192;

/** The conditions of an object, as far as they can be read. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  return listAt(object, "status", "conditions")
    .filter((each) => textAt(each, "type") !== "")
    .map((each) => {
      const observedGeneration = numberAt(each, "observedGeneration");
      return {
        type: textAt(each, "type"),
        // What is none of the three is as good as unknown.
        status: (["True", "False"] as const).find((status) => status === textAt(each, "status")) ?? "Unknown",
        reason: textAt(each, "reason"),
        message: textAt(each, "message").slice(0, MOST_CHARACTERS),
        lastTransitionTime: textAt(each, "lastTransitionTime"),
        ...(observedGeneration === undefined ? {} : { observedGeneration }),
      };
    });
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** Milliseconds since 1970; undefined for what is no time. */
export function timeAt(object: unknown, ...path: Path): number | undefined {
  const time = Date.parse(textAt(object, ...path));
  return Number.isNaN(time) ? undefined : time;
}
