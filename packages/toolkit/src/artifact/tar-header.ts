// SPDX-License-Identifier: Apache-2.0

/** Modes inside an artifact: nothing of the machine it was made on is left. @see fluxcd/pkg artifact/storage archive.go */
export const archiveModes = { file: 0o600, executable: 0o700, folder: 0o750 } as const;

export interface TarHeader {
  /** Of a folder without a slash at the end, as Flux writes it. */
  readonly name: string;
  readonly kind: "file" | "folder";
  readonly mode: number;
  readonly size: number;
}

const blockSize = 512;
/** The largest size that eleven octal digits hold. */
const maxOctalSize = 0o77777777777;

/**
 * The blocks that stand before an entry's content: one USTAR header, with a PAX header before it when the name or size does
 * not fit. Owner 0:0, no names, time zero.
 */
export function encodeTarHeader(header: TarHeader): Buffer {
  const split = splitName(header.name);
  if (split !== undefined && header.size <= maxOctalSize) return ustar(header, split.name, split.prefix);
  const records = Buffer.concat([
    ...(split === undefined ? [paxRecord("path", header.name)] : []),
    ...(header.size > maxOctalSize ? [paxRecord("size", String(header.size))] : []),
  ]);
  const short = Buffer.from(header.name.replace(/[^\x20-\x7e]/g, "_"))
    .subarray(0, 100)
    .toString("latin1");
  const pax = { name: "PaxHeaders.0", kind: "pax", mode: 0, size: records.length } as const;
  return Buffer.concat([
    ustar(pax, pax.name, ""),
    records,
    tarPadding(records.length),
    ustar(header, split?.name ?? short, split?.prefix ?? ""),
  ]);
}

/** The zeros that follow content of this size. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}

/** The two empty blocks at the end of an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockSize);
}

function ustar(
  header: { readonly kind: "file" | "folder" | "pax"; readonly mode: number; readonly size: number },
  name: string,
  prefix: string,
): Buffer {
  const block = Buffer.alloc(blockSize);
  block.write(name, 0, 100, "latin1");
  block.write(octal(header.mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(Math.min(header.size, maxOctalSize), 11), 124);
  block.write(octal(0, 11), 136);
  block.write({ file: "0", folder: "5", pax: "x" }[header.kind], 156);
  block.write("ustar\u000000", 257);
  block.write(octal(0, 7), 329);
  block.write(octal(0, 7), 337);
  block.write(prefix, 345, 155, "latin1");
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** Name and prefix of a USTAR header, or undefined when the name needs PAX. */
function splitName(name: string): { readonly name: string; readonly prefix: string } | undefined {
  if (!/^[\x20-\x7e]*$/.test(name)) return undefined;
  if (name.length <= 100) return { name, prefix: "" };
  const slash = name.lastIndexOf("/", 155);
  if (slash <= 0 || name.length - slash - 1 > 100 || slash === name.length - 1) return undefined;
  return { name: name.slice(slash + 1), prefix: name.slice(0, slash) };
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (rest.length + String(length).length !== length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
