// SPDX-License-Identifier: Apache-2.0

/** Where the keys and items of a YAML text stand. Hand an empty one to {@link parseYaml}, which fills it. */
export class YamlPlaces {
  #text = "";
  #breaks: readonly number[] | undefined;
  readonly #keys = new Map<object, Map<string, number>>();
  readonly #items = new Map<object, number[]>();

  /** The line (from 1) of a key of a mapping that was read; undefined for a key that a merge (`<<`) brought, or another mapping. */
  lineOfKey(mapping: object, key: string): number | undefined {
    return this.#lineOf(this.#keys.get(mapping)?.get(key));
  }

  /** The line (from 1) of an item of a list that was read: that of its dash in block style. */
  lineOfItem(list: object, index: number): number | undefined {
    return this.#lineOf(this.#items.get(list)?.[index]);
  }

  /** For the reader: the text, as it counts it. */
  begin(text: string): void {
    this.#text = text;
    this.#breaks = undefined;
  }

  /** For the reader. */
  addKey(mapping: object, key: string, start: number): void {
    const keys = this.#keys.get(mapping);
    if (keys === undefined) this.#keys.set(mapping, new Map([[key, start]]));
    else keys.set(key, start);
  }

  /** For the reader: items come in their order. */
  addItem(list: object, start: number): void {
    const items = this.#items.get(list);
    if (items === undefined) this.#items.set(list, [start]);
    else items.push(start);
  }

  #lineOf(start: number | undefined): number | undefined {
    if (start === undefined) return undefined;
    this.#breaks ??= breaksOf(this.#text);
    let [low, high] = [0, this.#breaks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#breaks[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}

function breaksOf(text: string): readonly number[] {
  const out: number[] = [];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) out.push(at);
  return out;
}
