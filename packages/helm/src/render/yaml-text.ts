// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, stringifyYaml } from "@flux-ts/kube-core";
import { FunctionError } from "@flux-ts/gotemplate";
import { DecodeError, decodeYaml } from "../chart/decode.ts";

const MAX_UINT64 = 2 ** 64;

/**
 * Numbers as Go's YAML has them after they were JSON: bigint as it is, whole floats below 2^64 by their shortest digits.
 * Objects and lists that hold no such number are left as they are.
 */
function exact(value: unknown): unknown {
  if (typeof value === "bigint") return new ExactNumber(value.toString(), true);
  if (typeof value === "number")
    return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < MAX_UINT64
      ? new ExactNumber(String(value), true)
      : value;
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) return value;
  if (Array.isArray(value)) {
    const items = value.map(exact);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let out: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const changed = exact(item);
    if (changed === item) continue;
    out ??= Object.assign(Object.create(null) as Record<string, unknown>, value);
    out[key] = changed;
  }
  return out ?? value;
}

/** Plain data of templates as YAML, as sigs.k8s.io/yaml writes it. */
export function toYamlText(value: unknown): string {
  return stringifyYaml(exact(value));
}

/** The same as go-yaml v3 writes it with an indent of 2: lists are indented. */
export function toPrettyYamlText(value: unknown): string {
  return stringifyYaml(value, { flavour: "v3" });
}

/** Reads YAML for templates. @throws {FunctionError} with the message that templates see */
export function fromYamlText(text: string): unknown {
  try {
    return decodeYaml(text);
  } catch (error) {
    throw error instanceof DecodeError ? new FunctionError(error.message, { cause: error }) : error;
  }
}
