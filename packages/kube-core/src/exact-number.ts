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
    const text = this.text.replaceAll("_", "");
    const isNegativeHex = /^-0[xob]/i.test(text);
    return isNegativeHex ? -Number(text.slice(1)) : Number(text);
  }

  /** The exact value, when this is an integer. */
  toBigInt(): bigint | undefined {
    if (!this.isInteger) return undefined;
    const text = this.text.replaceAll("_", "");
    const digits = text.replace(/^[+-]/, "");
    if (!/^(?:\d+|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(digits)) return undefined;
    return text.startsWith("-") ? -BigInt(digits) : BigInt(digits);
  }

  toString(): string {
    return this.text;
  }

  /** For `JSON.stringify`, which can only be approximate; use `stringifyJson`. */
  toJSON(): number {
    return this.valueOf();
  }
}

/** Whether both are the same number, however they are written: `1.0` equals `1`, 2^53+1 does not equal 2^53. */
export function sameNumber(left: number | ExactNumber, right: number | ExactNumber): boolean {
  if (typeof left === "number" && typeof right === "number") return left === right;
  const leftInteger = integerOf(left);
  const rightInteger = integerOf(right);
  if (leftInteger !== undefined && rightInteger !== undefined) return leftInteger === rightInteger;
  return left.valueOf() === right.valueOf();
}

function integerOf(value: number | ExactNumber): bigint | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  return value.toBigInt();
}
