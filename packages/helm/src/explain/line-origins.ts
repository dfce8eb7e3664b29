// SPDX-License-Identifier: Apache-2.0
import { textOf } from "../chart/chart.ts";
import type { Renderable } from "../render/template-data.ts";
import type { ValuesLayer } from "../values/user-values.ts";
import { layerOf } from "./value-layers.ts";

/** Where a line of the output comes from. */
export interface LineOrigin {
  /** The template and line that wrote it: `chart/templates/x.yaml:12`. */
  readonly place: string;
  /** The values that stand in that line of the template, each with the layer that decides it; undefined when none does. */
  readonly values: readonly { readonly path: string; readonly layer: string | undefined }[];
}

/** Collects, while templates run, where each line of their output comes from. */
export class LineOrigins {
  readonly #renderables: ReadonlyMap<string, Renderable>;
  readonly #layers: readonly ValuesLayer[];
  /** For each output file the place of each of its lines. */
  readonly #lines = new Map<string, string[]>();
  readonly #sources = new Map<string, readonly string[]>();

  constructor(renderables: readonly Renderable[], layers: readonly ValuesLayer[]) {
    this.#renderables = new Map(renderables.map((one) => [one.path, one]));
    this.#layers = layers;
  }

  /** Takes what a template writes: the first piece of a line that is not blank decides where the line comes from. */
  readonly onWrite = (path: string, location: string, text: string): void => {
    const lines = this.#lines.get(path) ?? [""];
    this.#lines.set(path, lines);
    const [, template = location, line = "1"] = /^(.*):(\d+):\d+$/.exec(location) ?? [];
    const isText = this.#isText(template, Number(line), text);
    for (const [index, part] of text.split("\n").entries()) {
      if (index > 0) lines.push("");
      if (part.trim() !== "" && lines[lines.length - 1] === "")
        lines[lines.length - 1] = `${template}:${Number(line) + (isText ? index : 0)}`;
    }
  };

  /** Text of a template stands there as it is written; what an action writes all comes from its one line. */
  #isText(template: string, line: number, text: string): boolean {
    const first = text.split("\n").find((part) => part.trim() !== "");
    return (
      first !== undefined &&
      this.#sourceOf(template)
        .slice(line - 1)
        .some((source) => source.includes(first.trimEnd()))
    );
  }

  #sourceOf(template: string): readonly string[] {
    const known = this.#sources.get(template);
    if (known !== undefined) return known;
    const file = this.#renderables.get(template)?.file;
    const lines = file === undefined ? [] : textOf(file).split("\n");
    this.#sources.set(template, lines);
    return lines;
  }

  /** The origins of the lines of one rendered template. */
  of(path: string): readonly (LineOrigin | undefined)[] {
    return (this.#lines.get(path) ?? []).map((place) => (place === "" ? undefined : this.#origin(place)));
  }

  #origin(place: string): LineOrigin {
    const colon = place.lastIndexOf(":");
    const template = place.slice(0, colon);
    const source = this.#sourceOf(template)[Number(place.slice(colon + 1)) - 1] ?? "";
    const charts = this.#renderables.get(template)?.charts ?? [];
    const paths = new Set(Array.from(source.matchAll(/\.Values((?:\.[A-Za-z_]\w*)+)/g), (match) => (match[1] ?? "").slice(1)));
    const values = [...paths].map((path) => ({ path, layer: layerOf(path.split("."), { user: this.#layers, charts }) }));
    return { place, values };
  }
}
