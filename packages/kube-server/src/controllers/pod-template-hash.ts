// SPDX-License-Identifier: Apache-2.0
import { stringifyJson } from "@flux-ts/kube-core";
import type { PodTemplate } from "./objects.ts";

/** Consonants and digits: no word can come out. @see apimachinery util/rand SafeEncodeString */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** 32-bit FNV-1 with the multiplication before the exclusive or, as Go's hash/fnv New32 has it. */
function fnv32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return hash;
}

/** Digits of a number, spelt with letters that form no words. */
export function safeEncode(text: string): string {
  return [...text].map((letter) => ALPHABET[letter.charCodeAt(0) % ALPHABET.length] ?? "").join("");
}

/** The name part that tells one version of a template from another. The same template always has the same hash. */
export function podTemplateHash(template: PodTemplate, collisionCount = 0): string {
  const text = stringifyJson(sortKeys(template)) + (collisionCount > 0 ? String(collisionCount) : "");
  return safeEncode(String(fnv32(text)));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sortKeys(child)]),
  );
}
