// SPDX-License-Identifier: Apache-2.0

/** What differs from run to run, and what stands for it. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>"],
  [/20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| \+0000)/g, "<time>"],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d \+0000/g, "<time>"],
  [/^[A-Z]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /gm, "<log> "],
  [/(?<=[\s(])(\d+(y|d|h|m|s|ms))+(?=[\s)]|$)/g, "<age>"],
  [/eyJ[\w-]+\.[\w.-]+/g, "<token>"],
  [/X509SHA256=[0-9a-f]+/g, "<certificate>"],
  [/"?resource ?[vV]ersion"?: *"?\d+"?/gi, "resourceVersion: <version>"],
  [/\b127\.0\.0\.1(:\d+)?\b/g, "<address>"],
  [/\b10\.\d+\.\d+\.\d+\b/g, "<address>"],
  // Hashes of templates that hold a time, and suffixes of generated names.
  [/\bweb-[a-z0-9]{6,10}(-[a-z0-9]{5})?\b/g, "web-<generated>"],
  [/\b(agent|once|by-hand|often-\d+|web|other|far|db|solo)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1-<generated>"],
  [/kube-api-access-[a-z0-9]{5}/g, "kube-api-access-<generated>"],
  [/(LIVE|MERGED)-\d+/g, "$1-<number>"],
  [/\S*\/(LIVE|MERGED)-<number>/g, "$1"],
  [/\bnode-\d\b/g, "<node>"],
];

/** A text as two clusters would tell it: ages, addresses, generated names and widths of columns do not count, nor does the order of lines. */
export function normaliseOutput(text: string): string {
  let normal = text;
  for (const [pattern, mark] of VARIABLE) normal = normal.replace(pattern, mark);
  return normal
    .split("\n")
    .map((line) => line.replaceAll(/[ \t]+/g, " ").trimEnd())
    .toSorted()
    .join("\n");
}
