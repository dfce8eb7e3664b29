// SPDX-License-Identifier: Apache-2.0
import { ArtifactError } from "./artifact-error.ts";

/** One member of a tar stream, as it stands there: nothing is checked but the form. */
export interface TarMember {
  readonly name: string;
  readonly type: "file" | "folder" | "symlink" | "other";
  readonly typeFlag: string;
  readonly mode: number;
  /** A view of the archive's bytes. */
  readonly content: Uint8Array;
}

const blockSize = 512;

/**
 * The members of a tar: USTAR, PAX and GNU long names. Sparse members and everything that is neither file, folder nor
 * symlink (hard links too) are `other`.
 *
 * @throws {ArtifactError} INVALID_ARCHIVE for a wrong checksum, a bad number or an end in the middle
 */
export function* tarMembers(bytes: Uint8Array): Generator<TarMember> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let longName: string | undefined;
  let pax: ReadonlyMap<string, string> = new Map();
  let offset = 0;
  while (offset + blockSize <= buffer.length) {
    const block = buffer.subarray(offset, offset + blockSize);
    offset += blockSize;
    if (isZero(block)) return;
    checkSum(block);
    const typeFlag = String.fromCharCode(block[156] ?? 0);
    const hasOverride = typeFlag !== "x" && typeFlag !== "g" && typeFlag !== "L" && typeFlag !== "K";
    const size = hasOverride && pax.has("size") ? decimal(pax.get("size") ?? "") : numeric(block.subarray(124, 136));
    if (size > buffer.length - offset) throw invalid("unexpected EOF");
    const content = buffer.subarray(offset, offset + size);
    offset += Math.ceil(size / blockSize) * blockSize;
    switch (typeFlag) {
      case "x":
        pax = paxRecords(content);
        continue;
      case "g":
      case "K":
        continue;
      case "L":
        longName = cString(content);
        continue;
      default:
    }
    const isSparse = typeFlag === "S" || [...pax.keys()].some((key) => key.startsWith("GNU.sparse."));
    const name = pax.get("path") ?? longName ?? headerName(block);
    yield { name, type: isSparse ? "other" : typeOf(typeFlag, name), typeFlag, mode: numeric(block.subarray(100, 108)), content };
    pax = new Map();
    longName = undefined;
  }
  if (offset < buffer.length) throw invalid("unexpected EOF");
}

function typeOf(typeFlag: string, name: string): TarMember["type"] {
  if (typeFlag === "5") return "folder";
  if (typeFlag === "2") return "symlink";
  // A regular member of the oldest format whose name ends with a slash is a folder.
  if (typeFlag === "\0" && name.endsWith("/")) return "folder";
  return typeFlag === "0" || typeFlag === "\0" || typeFlag === "7" ? "file" : "other";
}

function headerName(block: Buffer): string {
  const name = cString(block.subarray(0, 100));
  const isUstar = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? cString(block.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}

/** Octal text, or base 256 when the first bit is set. */
function numeric(field: Buffer): number {
  const first = field[0] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    if (!Number.isSafeInteger(value) || (first & 0x40) !== 0) throw invalid("invalid tar header");
    return value;
  }
  const text = cString(field).trim();
  if (text === "") return 0;
  if (!/^[0-7]+$/.test(text)) throw invalid("invalid tar header");
  return Number.parseInt(text, 8);
}

function decimal(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw invalid("invalid tar header");
  return value;
}

function checkSum(block: Buffer): void {
  let sum = 0;
  for (let index = 0; index < blockSize; index++) sum += index >= 148 && index < 156 ? 0x20 : (block[index] ?? 0);
  if (sum !== numeric(block.subarray(148, 156))) throw invalid("invalid tar header");
}

function isZero(block: Buffer): boolean {
  return block[0] === 0 && block.every((byte) => byte === 0);
}

function paxRecords(content: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  let offset = 0;
  while (offset < content.length) {
    const space = content.indexOf(0x20, offset);
    const length = space < 0 ? 0 : decimal(content.toString("latin1", offset, space));
    const record = content.subarray(space + 1, offset + length - 1);
    const equals = record.indexOf(0x3d);
    if (length <= space - offset + 1 || offset + length > content.length || content[offset + length - 1] !== 0x0a || equals < 1) {
      throw invalid("invalid tar header");
    }
    records.set(record.toString("utf8", 0, equals), record.toString("utf8", equals + 1));
    offset += length;
  }
  return records;
}

function invalid(text: string): ArtifactError {
  return new ArtifactError("INVALID_ARCHIVE", `tar error: ${text}`);
}
