// SPDX-License-Identifier: Apache-2.0

/** The compact JSON of a value, numbers as Go writes them. @throws {TypeError} on a cycle */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value);
}

/** Parses JSON as Kubernetes does. @throws {SyntaxError} */
export function parseJson(text: string): unknown {
  return JSON.parse(text);
}
