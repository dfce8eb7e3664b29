// SPDX-License-Identifier: Apache-2.0

/** Tags of ASN.1 that keys and certificates are made of. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

/** An element of DER, read: its tag, what is in it, and all of its bytes. */
export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/** Text that is not DER, or not of the shape asked for; worded as Go's encoding/asn1 words it. */
export class DerError extends Error {
  override readonly name = "DerError";
}

/** Bytes one behind the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** An element of a tag. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(...contents);
  const size = content.length;
  const length =
    size < 0x80
      ? [size]
      : size < 0x100
        ? [0x81, size]
        : size < 0x10000
          ? [0x82, size >> 8, size & 0xff]
          : [0x83, size >> 16, (size >> 8) & 0xff, size & 0xff];
  return concat(Uint8Array.of(tag, ...length), content);
}

export function sequence(...contents: readonly Uint8Array[]): Uint8Array {
  return element(TAG.sequence, ...contents);
}

/** An integer that is not negative. */
export function integer(value: bigint): Uint8Array {
  const bytes = bigIntToBytes(value);
  return element(TAG.integer, (bytes[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(unusedBits), bytes);
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return element(TAG.octetString, bytes);
}

/** An object identifier, of its text: `2.5.4.3`. */
export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const out = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 0x7f) | 0x80);
    out.push(...groups);
  }
  return element(TAG.oid, Uint8Array.from(out));
}

/** Big-endian bytes of a number that is not negative, at least one. */
export function bigIntToBytes(value: bigint, size = 0): Uint8Array {
  const digits = value.toString(16);
  const hex = digits.padStart(Math.max(size * 2, digits.length + (digits.length % 2)), "0");
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}

export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);
}

/** Reads the elements of a content, one after the other. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The tag of what comes next; undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next element. @throws {DerError} when its tag is another, or there is none */
  read(tag?: number): Element {
    const start = this.#at;
    const found = this.#bytes[this.#at++];
    const first = this.#bytes[this.#at++];
    if (found === undefined || first === undefined) throw new DerError("asn1: syntax error: sequence truncated");
    if (tag !== undefined && found !== tag)
      throw new DerError(`asn1: structure error: tags don't match (${tag & 0x1f} vs ${found & 0x1f})`);
    let size = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0) throw new DerError("asn1: syntax error: indefinite length found (not DER)");
      if (count > 4) throw new DerError("asn1: structure error: length too large");
      size = 0;
      for (let i = 0; i < count; i++) size = size * 256 + (this.#bytes[this.#at++] ?? 0);
    }
    const end = this.#at + size;
    if (end > this.#bytes.length) throw new DerError("asn1: syntax error: data truncated");
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag: found, content, whole: this.#bytes.subarray(start, end) };
  }

  /** The elements of a sequence that comes next. */
  sequence(): DerReader {
    return new DerReader(this.read(TAG.sequence).content);
  }

  /** A number that comes next. */
  integer(): bigint {
    const { content } = this.read(TAG.integer);
    if (content.length === 0) throw new DerError("asn1: structure error: empty integer");
    const value = bytesToBigInt(content);
    return (content[0] ?? 0) >= 0x80 ? value - (1n << BigInt(content.length * 8)) : value;
  }
}
