// SPDX-License-Identifier: Apache-2.0

/** A body that is not the protobuf it should be. The caller answers 400 with the message. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
  readonly code = "BAD_PROTOBUF";
}

/** How a value is laid out: varint, eight bytes, with its length in front, four bytes. */
export type WireType = 0 | 1 | 2 | 5;

/** Reads protobuf's wire format from a bounded piece of memory; never looks outside it. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** The next field's number and wire type. @throws {ProtobufError} */
  tag(): { number: number; wireType: WireType } {
    const tag = Number(this.varint());
    const wireType = tag & 7;
    if (wireType !== 0 && wireType !== 1 && wireType !== 2 && wireType !== 5) {
      throw new ProtobufError(`proto: illegal wireType ${wireType} at byte ${this.#position}`);
    }
    return { number: Math.floor(tag / 8), wireType };
  }

  /** An unsigned 64-bit integer. @throws {ProtobufError} when it has more than ten bytes or the body ends */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw truncated();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError(`proto: integer overflow at byte ${this.#position}`);
  }

  /** A piece with its length in front; a view, not a copy. */
  bytes(): Uint8Array {
    return this.#take(Number(this.varint()));
  }

  double(): number {
    const bytes = this.#take(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  /** Steps over the value of a field that nobody knows. */
  skip(wireType: WireType): void {
    if (wireType === 0) this.varint();
    else if (wireType === 2) this.bytes();
    else this.#take(wireType === 1 ? 8 : 4);
  }

  #take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw truncated();
    const piece = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return piece;
  }
}

function truncated(): ProtobufError {
  return new ProtobufError("unexpected EOF: the protobuf body ends inside a field");
}
