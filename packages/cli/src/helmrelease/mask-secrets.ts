// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, isJsonObject, setKey } from "@flux-ts/kube-core";
import { textAt } from "./release-files.ts";

/** What is shown in place of a secret. */
const MASK = "*****";

/** Texts shorter than this are found by chance, and hide nothing. */
const SHORTEST = 4;

/**
 * Objects without secrets: values of Secrets are masked, and so are texts of Secrets wherever else they came to stand.
 *
 * @param texts what came from Secrets
 */
export function maskSecrets(objects: readonly JsonObject[], texts: ReadonlySet<string>): JsonObject[] {
  // Longer ones first, as one may be part of another; base64 is how templates write them.
  const hidden = [...texts]
    .filter((text) => text.length >= SHORTEST)
    .flatMap((text) => [text, Buffer.from(text).toString("base64")])
    .sort((a, b) => b.length - a.length);
  const hide = (text: string): string => hidden.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
  return objects.map((object) => {
    const masked = mapTexts(object, hide);
    return textAt(object, "kind") === "Secret" && isJsonObject(masked) ? withoutData(masked) : (masked as JsonObject);
  });
}

function withoutData(secret: JsonObject): JsonObject {
  const out: Record<string, unknown> = { ...secret };
  for (const field of ["data", "stringData"]) {
    const values = secret[field];
    if (!isJsonObject(values)) continue;
    const masked: Record<string, unknown> = {};
    for (const key of Object.keys(values)) setKey(masked, key, MASK);
    out[field] = masked;
  }
  return out;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (!isJsonObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) setKey(out, key, mapTexts(item, change));
  return out;
}
