// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, resolvePlain, SpelledScalar } from "@flux-ts/kube-core";
import { created } from "../field-path.ts";
import { KustomizeError } from "../kustomize-error.ts";

/**
 * A text in place of a scalar of which it takes the type: text stays text, a number must be one. A scalar that was just
 * created has no type and gets that which the text looks like.
 *
 * @throws {KustomizeError} CANNOT_APPLY when the text is not of the type
 */
export function textAs(text: string, old: unknown): unknown {
  if (typeof old === "string") return text;
  const resolved = resolvePlain(text, "kyaml");
  const found = resolved?.tag ?? "str";
  const value =
    resolved === undefined
      ? text
      : resolved.canonical || resolved.value === null
        ? resolved.value
        : new SpelledScalar(text, resolved.value);
  if (old === created) return value;
  const type = typeOf(old);
  if (found === type || (type === "float" && found === "int")) return value;
  throw new KustomizeError("CANNOT_APPLY", `cannot decode !!${found} \`${text}\` as a !!${type}`);
}

function typeOf(value: unknown): string {
  if (value instanceof SpelledScalar) return resolvePlain(value.text, "kyaml")?.tag ?? "str";
  if (value instanceof ExactNumber) return value.isInteger ? "int" : "float";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value === "boolean" ? "bool" : "null";
}
