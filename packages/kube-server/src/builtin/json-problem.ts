// SPDX-License-Identifier: Apache-2.0

/**
 * Why a text is not a JSON object, as Go's decoder says it; undefined when it is one.
 * Names one character at most: what surrounds it may be secret.
 */
export function jsonProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || (typeof value === "object" && !Array.isArray(value))) return undefined;
    const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  } catch {
    const start = text.trimStart()[0];
    if (start === undefined) return "unexpected end of JSON input";
    return /[{["\d\-tfn]/.test(start) ? "unexpected end of JSON input" : `invalid character '${start}' looking for beginning of value`;
  }
}
