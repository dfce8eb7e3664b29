// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";

/** A line of git's protocol, or one of its marks. */
export type Packet = { readonly kind: "data"; readonly data: Buffer } | { readonly kind: "flush" | "delimiter" | "end" };

/** `<four hexadecimal digits: length><data>` */
export function encodePacket(text: string): Buffer {
  const data = Buffer.from(text);
  return Buffer.concat([Buffer.from((data.length + 4).toString(16).padStart(4, "0")), data]);
}

export const flushPacket: Buffer = Buffer.from("0000");
export const delimiterPacket: Buffer = Buffer.from("0001");

/** Splits an answer. @throws {GitError} UNREACHABLE when it is not git's protocol */
export function* decodePackets(bytes: Buffer): Generator<Packet> {
  for (let offset = 0; offset < bytes.length;) {
    const digits = bytes.toString("latin1", offset, offset + 4);
    const length = /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
    if (length === 0 || length === 1 || length === 2) {
      yield { kind: length === 0 ? "flush" : length === 1 ? "delimiter" : "end" };
      offset += 4;
      continue;
    }
    if (length < 4 || offset + length > bytes.length) throw new GitError("UNREACHABLE", "invalid pkt-len found");
    yield { kind: "data", data: bytes.subarray(offset + 4, offset + length) };
    offset += length;
  }
}

/** The text of a data packet, without the line end. */
export function packetText(packet: Packet & { readonly kind: "data" }): string {
  const text = packet.data.toString("utf8");
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
