// SPDX-License-Identifier: Apache-2.0
import { HelmError } from "../helm-error.ts";

/** One entry of a tar file. */
export interface TarEntry {
  readonly name: string;
  /** The type as the archive has it: "0" a file, "5" a folder, "2" a link, … */
  readonly type: string;
  readonly data: Uint8Array;
}

const BLOCK = 512;

function broken(what: string): never {
  throw new HelmError("ARCHIVE", `archive/tar: invalid tar header: ${what}`);
}

/**
 * The entries of a tar file (ustar, GNU's and PAX' long names), one at a time.
 *
 * @throws {HelmError} ARCHIVE for headers that cannot be read and files that are cut short
 * @see POSIX pax interchange format
 */
export function* readTar(bytes: Uint8Array): Generator<TarEntry> {
  let longName: string | undefined;
  let pax = new Map<string, string>();
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK);
    // A block of zeros ends the archive; a header begins with a name, or has a type.
    if (header[0] === 0 && header.every((byte) => byte === 0)) return;
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0).replace("\0", "0");
    const size = pax.has("size") && !"gx".includes(type) ? Number(pax.get("size")) : numberAt(header, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0) broken(`size ${size}`);
    const start = at + BLOCK;
    if (start + size > bytes.length) throw new HelmError("ARCHIVE", "unexpected EOF");
    const data = bytes.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "L") longName = textOf(data);
    else if (type === "x") pax = readPax(data);
    else if (type === "K") continue;
    else if (type === "g") yield { name: "pax_global_header", type, data };
    else {
      yield { name: pax.get("path") ?? longName ?? nameOf(header), type, data };
      longName = undefined;
      pax = new Map();
    }
  }
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isUstar = textOf(header.subarray(257, 262)) === "ustar";
  // GNU's header has times where ustar has the prefix.
  const isGnu = header[263] === 0x20;
  const prefix = isUstar && !isGnu ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Octal digits, or (with the highest bit set) a big-endian number. */
function numberAt(header: Uint8Array, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if (((field[0] ?? 0) & 0x80) !== 0) {
    let value = (field[0] ?? 0) & 0x7f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return value;
  }
  const text = textOf(field).trim();
  if (text === "") return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : broken(`number ${JSON.stringify(text)}`);
}

function checkSum(header: Uint8Array): void {
  const expected = numberAt(header, 148, 8);
  let sum = 0;
  let high = 0;
  for (const byte of header) {
    sum += byte;
    if (byte > 127) high += 256;
  }
  // The checksum's own field counts as blanks.
  for (let i = 148; i < 156; i++) sum += 0x20 - (header[i] ?? 0);
  const signed = sum - high;
  if (sum !== expected && signed !== expected) broken("checksum");
}

/** Records of the form `length key=value\n`. */
function readPax(data: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const length = space < 0 ? 0 : Number(textOf(data.subarray(at, space)));
    if (!Number.isSafeInteger(length) || length <= space - at + 1 || at + length > data.length) broken("PAX record");
    const record = new TextDecoder().decode(data.subarray(space + 1, at + length - 1));
    const equals = record.indexOf("=");
    if (equals <= 0) broken("PAX record");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
