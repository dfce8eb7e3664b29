// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, resolvePlain, SpelledScalar } from "@flux-ts/kube-core";
import { created } from "../field-path.ts";
import { Mistyped } from "../mistyped.ts";

/**
 * A text in place of a scalar of which it takes the type: text stays text, a number must be one by the end of the build. A
 * scalar that was just created has no type and gets that which the text looks like.
 */
export function textAs(text: string, old: unknown): unknown {
  if (typeof old === "string") return text;
  const resolved = resolvePlain(text, "kyaml");
  const found = resolved?.tag ?? "str";
  const value = resolved === undefined ? text : resolved.canonical ? resolved.value : new SpelledScalar(text, resolved.value);
  if (old === created) return value;
  const type = typeOf(old);
  if (found === type || (type === "float" && found === "int")) return value;
  return new SpelledScalar(text, new Mistyped(found, type));
}

function typeOf(value: unknown): string {
  if (value instanceof SpelledScalar && value.value instanceof Mistyped) return value.value.expected;
  if (value instanceof SpelledScalar) return resolvePlain(value.text, "kyaml")?.tag ?? "str";
  if (value instanceof ExactNumber) return value.isInteger ? "int" : "float";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value === "boolean" ? "bool" : "null";
}
