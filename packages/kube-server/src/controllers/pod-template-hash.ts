// SPDX-License-Identifier: Apache-2.0
import type { PodTemplate } from "./objects.ts";
import { dumpPodTemplate } from "./pod-template-dump.ts";

/** Consonants and digits: no word can come out. @see apimachinery util/rand SafeEncodeString */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** The bytes' 32-bit hash: FNV-1a when the exclusive or comes first, FNV-1 else. @see Go hash/fnv */
export function fnv32(bytes: Iterable<number>, variant: "1" | "1a"): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) {
    hash = variant === "1a" ? Math.imul(hash ^ byte, 0x01000193) : Math.imul(hash, 0x01000193) ^ byte;
  }
  return hash >>> 0;
}

/** Digits of a number, spelt with letters that form no words. */
export function safeEncode(text: string): string {
  return [...text].map((letter) => ALPHABET[letter.charCodeAt(0) % ALPHABET.length] ?? "").join("");
}

/**
 * What tells one version of a pod template from another: the end of a ReplicaSet's name, the label `pod-template-hash`.
 * @param collisionCount how often another template had the same hash; absent: never
 * @see kubernetes pkg/controller ComputeHash
 */
export function podTemplateHash(template: PodTemplate, collisionCount?: number): string {
  const text = new TextEncoder().encode(dumpPodTemplate(template));
  const count = collisionCount === undefined ? [] : [0, 8, 16, 24].map((shift) => (collisionCount >>> shift) & 0xff).concat([0, 0, 0, 0]);
  return safeEncode(String(fnv32([...text, ...count], "1a")));
}
