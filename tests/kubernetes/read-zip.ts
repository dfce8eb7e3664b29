// SPDX-License-Identifier: Apache-2.0
import { inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * The files of a ZIP archive whose hash was checked: no Zip64, no encryption.
 *
 * @returns the content of a file by its name; undefined when there is none
 * @throws {Error} when it is not such an archive
 * @see APPNOTE.TXT of PKWARE, 4.3
 */
export function readZip(archive: Buffer): (name: string) => Buffer | undefined {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error("Cannot read the ZIP archive: it has no directory");
  const count = archive.readUInt16LE(end + 10);
  const entries = new Map<string, { readonly method: number; readonly size: number; readonly offset: number }>();
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error(`Cannot read the ZIP archive: entry ${index} is broken`);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    entries.set(name, {
      method: archive.readUInt16LE(at + 10),
      size: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return (name) => {
    const entry = entries.get(name);
    if (entry === undefined) return undefined;
    const { method, size, offset } = entry;
    const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
    const bytes = archive.subarray(start, start + size);
    if (method === STORED) return Buffer.from(bytes);
    if (method === DEFLATED) return inflateRawSync(bytes);
    throw new Error(`Cannot read ${name} of the ZIP archive: it is packed by method ${method}`);
  };
}
