// SPDX-License-Identifier: Apache-2.0

/**
 * A number that a JavaScript `number` would change: an integer beyond ±(2^53-1), or (from YAML) a float or integer
 * whose spelling matters (`1.0`, `1e3`, `-0`, `0x1F`).
 *
 * Everything else is a plain `number`. Decided once, in the JSON and YAML doors (json.ts, yaml/): the rest of the code
 * passes these through untouched. Go's JSON writes an int64 as it stands and a float as `strconv` formats it, so
 * `stringifyJson` writes `1.0` as `1` and `9007199254740993` as it is; the YAML emitter of kustomize writes `text`.
 */
export class ExactNumber {
  /** As written in the source. */
  readonly text: string;
  readonly isInteger: boolean;

  constructor(text: string, isInteger: boolean) {
    this.text = text;
    this.isInteger = isInteger;
    Object.freeze(this);
  }

  /** The nearest double. */
  valueOf(): number {
    return Number(this.text.replaceAll("_", ""));
  }

  toString(): string {
    return this.text;
  }

  /** For `JSON.stringify`, which can only be approximate; use `stringifyJson`. */
  toJSON(): number {
    return this.valueOf();
  }
}
