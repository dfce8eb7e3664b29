// SPDX-License-Identifier: Apache-2.0

/** Freezes a JSON value, all the way down; parts that are frozen already are trusted to be so throughout. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) for (let index = 0; index < value.length; index++) deepFreeze(value[index]);
  else for (const key in value) deepFreeze(value[key]);
  return Object.freeze(value);
}
