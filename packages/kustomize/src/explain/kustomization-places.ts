// SPDX-License-Identifier: Apache-2.0
import { parseYaml, YamlPlaces } from "@flux-ts/kube-core";
import type { FieldOrigin, OriginNode, TextPlace } from "./field-origin.ts";
import { originsOfText } from "./field-origin.ts";

export type FieldPath = readonly (string | number)[];

/** What was written into a kustomization file before the build. */
export interface WrittenFields {
  readonly path: string;
  /** The file as a person wrote it; undefined when there was none. */
  readonly source: string | undefined;
  /** The field of the Flux Kustomization that a field comes from; undefined when it was in the file. */
  addedBy(path: FieldPath): string | undefined;
}

/** Where the fields of a kustomization file stand. */
export class KustomizationPlaces {
  readonly file: string;
  readonly #node: OriginNode;
  readonly #lines: readonly string[];
  readonly #written: WrittenFields | undefined;

  /** @param source the file's text, which has been read without an error */
  constructor(file: string, source: string, written: WrittenFields | undefined) {
    const text = written === undefined ? source : (written.source ?? "");
    const places = new YamlPlaces();
    const value = parseYaml(text, { flavour: "sigs", severalDocuments: "first", places });
    this.file = file;
    this.#node = originsOfText(value, places, { file, firstLine: 1, by: "transformer" });
    this.#lines = text.split("\n");
    this.#written = written;
  }

  /** The origin of what a field says. */
  originOf(path: FieldPath, by: FieldOrigin["by"]): FieldOrigin {
    const added = this.#written?.addedBy(path);
    if (added !== undefined) return { file: undefined, line: undefined, by, field: added };
    return { file: this.file, line: this.#lineOf(path), by, field: formatPath(path) };
  }

  /** Where the text starts that a field holds: behind a `|`, on the next line. */
  textOf(path: FieldPath, by: FieldOrigin["by"]): TextPlace {
    const { file, line, field } = this.originOf(path, by);
    const isBlock = line !== undefined && /(^|[\s:-])[|>][-+1-9]*[ \t]*(#.*)?\r?$/.test(this.#lines[line - 1] ?? "");
    return { file, firstLine: (line ?? 1) + (isBlock ? 1 : 0), by, ...(field === undefined ? {} : { field }) };
  }

  #lineOf(path: FieldPath): number | undefined {
    let at: OriginNode | undefined = this.#node;
    let line: number | undefined;
    for (const part of path) {
      at = typeof part === "number" ? at.items?.[part] : at.fields?.get(part);
      if (at === undefined) break;
      line = at.origin.line;
    }
    return line;
  }
}

/** `patches[0].target` */
export function formatPath(path: FieldPath): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}
