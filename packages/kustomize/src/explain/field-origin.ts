// SPDX-License-Identifier: Apache-2.0
import type { YamlPlaces } from "@flux-ts/kube-core";
import { isMapping } from "../mapping.ts";

/** Where the value of a field comes from. */
export interface FieldOrigin {
  /** The file, as the build's file system names it, or an address; undefined for what a Flux Kustomization adds. */
  readonly file: string | undefined;
  /** From 1; undefined where the file as a whole is meant. */
  readonly line: number | undefined;
  /** What gave the field its value; `reference`: it follows the name of another object, which comes from there. */
  readonly by: "resource" | "patch" | "generator" | "transformer" | "reference";
  /** The field that asked for it: of the kustomization (`namePrefix`), or of a Flux Kustomization (`spec.targetNamespace`). */
  readonly field?: string;
}

/** The origins of a value and of what is in it. */
export interface OriginNode {
  readonly origin: FieldOrigin;
  readonly fields?: ReadonlyMap<string, OriginNode>;
  readonly items?: readonly OriginNode[];
}

/** A text that stands in a file from some line on. */
export interface TextPlace {
  readonly file: string | undefined;
  /** The line of the file (from 1) on which the text starts. */
  readonly firstLine: number;
  readonly by: FieldOrigin["by"];
  readonly field?: string;
}

/** The origins of what was read: each key and item on its own line. */
export function originsOfText(value: unknown, places: YamlPlaces, place: TextPlace): OriginNode {
  const { firstLine, ...rest } = place;
  const at = (line: number): FieldOrigin => ({ ...rest, line: firstLine + line - 1 });
  const node = (one: unknown, line: number): OriginNode => {
    if (Array.isArray(one)) {
      return { origin: at(line), items: one.map((item, index) => node(item, places.lineOfItem(one, index) ?? line)) };
    }
    if (!isMapping(one)) return { origin: at(line) };
    const entries = Object.keys(one).map((key) => [key, node(one[key], places.lineOfKey(one, key) ?? line)] as const);
    return { origin: at(line), fields: new Map(entries) };
  };
  // Comments may stand before the first key.
  const [first] = isMapping(value) ? Object.keys(value) : [];
  return node(value, (isMapping(value) && first !== undefined ? places.lineOfKey(value, first) : undefined) ?? 1);
}

/** The origin of the field at a path; that of the nearest part around it that is known. */
export function originAt(node: OriginNode, path: readonly (string | number)[]): FieldOrigin {
  let at = node;
  for (const part of path) {
    const next = typeof part === "number" ? at.items?.[part] : at.fields?.get(part);
    if (next === undefined) break;
    at = next;
  }
  return at.origin;
}
