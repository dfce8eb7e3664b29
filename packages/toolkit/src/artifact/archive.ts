// SPDX-License-Identifier: Apache-2.0
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { FileTree, TreeEntry } from "./file-tree.ts";
import { entriesOf } from "./file-tree.ts";
import { archiveModes, encodeTarHeader, tarEnd, tarPadding } from "./tar-header.ts";

/** Byte 9 of a gzip header names the system it was made on; 255 is "unknown", so that all systems make the same bytes. */
const gzipSystemByte = 9;
/** A third of the processor time of the usual 6, for archives that are a tenth larger. */
const compressionLevel = 3;

/** Small pieces are gathered up to this size: passing on each by itself costs more than packing it. */
const pieceBytes = 64 * 1024;

/**
 * A tar stream of the entries, in the order given, beginning with the root. Nothing but paths, contents and the executable
 * bit has an influence on its bytes.
 */
export async function* tar(entries: Iterable<TreeEntry> | AsyncIterable<TreeEntry>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [encodeTarHeader({ name: ".", kind: "folder", mode: archiveModes.folder, size: 0 })];
  let size = 0;
  for await (const entry of entries) {
    for (const piece of tarPieces(entry)) {
      pieces.push(piece);
      size += piece.length;
    }
    if (size < pieceBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  yield Buffer.concat([...pieces, tarEnd()]);
}

function tarPieces({ path, content, executable }: TreeEntry): Buffer[] {
  if (content === undefined) return [encodeTarHeader({ name: path, kind: "folder", mode: archiveModes.folder, size: 0 })];
  const mode = executable === true ? archiveModes.executable : archiveModes.file;
  const header = encodeTarHeader({ name: path, kind: "file", mode, size: content.length });
  if (content.length === 0) return [header];
  return [header, Buffer.from(content.buffer, content.byteOffset, content.byteLength), tarPadding(content.length)];
}

/** Compresses with a header that holds neither time nor name nor system. */
export async function* gzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = Readable.from(chunks, { objectMode: false });
  const stream = source.pipe(createGzip({ level: compressionLevel }));
  source.once("error", (error) => stream.destroy(error));
  let isFirst = true;
  // A stream without an encoding gives buffers.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (isFirst) chunk[gzipSystemByte] = 0xff;
    isFirst = false;
    yield chunk;
  }
}

/**
 * The artifact archive of a tree: a gzipped tar whose bytes depend on the content alone.
 *
 * @see fluxcd/pkg artifact/storage Storage.Archive (modes, order, zero times; the compressed bytes are not the same)
 */
export async function packTree(tree: FileTree): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of gzip(tar(entriesOf(tree)))) chunks.push(chunk);
  return Buffer.concat(chunks);
}
