// SPDX-License-Identifier: Apache-2.0
import type { FieldError, FieldErrorType } from "./field-error.ts";
import { childPath, NO_FIELD } from "./field-error.ts";

/** What is wrong with a value, before it is known where the value stands. */
export interface Problem {
  readonly type: FieldErrorType;
  /** From the value that is validated: `.a.b[0]` or `a.b[0]`; `""` is the value itself, undefined no field at all. */
  readonly path: string | undefined;
  readonly value: unknown;
  readonly detail: string;
}

export function problem(type: FieldErrorType, path: string | undefined, value: unknown, detail: string): Problem {
  return { type, path, value, detail };
}

/** The errors of a value that stands at `base` (`""`: the object as a whole); the same error is told once. */
export function toFieldErrors(problems: readonly Problem[], base: string): FieldError[] {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const { type, path, value, detail } of problems) {
    const key = `${type} ${path} ${detail}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const relative = path === undefined ? "" : path.replace(/^\./, "");
    errors.push({ type, field: (relative === "" ? base : childPath(base, relative)) || NO_FIELD, value, detail });
  }
  return errors;
}
