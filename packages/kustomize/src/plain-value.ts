// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, SpelledScalar } from "@flux-ts/kube-core";
import { KustomizeError } from "./kustomize-error.ts";
import { Mistyped } from "./mistyped.ts";

/**
 * The value without the spelling of its scalars: parts without spelled scalars are shared.
 *
 * @throws {KustomizeError} CANNOT_APPLY for a scalar whose text is not of its type
 */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof SpelledScalar) {
    if (value.value instanceof Mistyped) {
      const { found, expected } = value.value;
      throw new KustomizeError("CANNOT_APPLY", `cannot decode !!${found} \`${value.text}\` as a !!${expected}`);
    }
    return value.value;
  }
  if (value instanceof ExactNumber) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const plain = plainValue(value[index]);
      if (plain !== value[index]) {
        copy ??= [...(value as unknown[])];
        copy[index] = plain;
      }
    }
    return copy ?? value;
  }
  const source = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(source)) {
    const plain = plainValue(source[key]);
    if (plain !== source[key]) {
      copy ??= { ...source };
      // The key is there already: this never creates one, but `__proto__` would still be a setter.
      Object.defineProperty(copy, key, { value: plain, enumerable: true, configurable: true, writable: true });
    }
  }
  return copy ?? source;
}
