// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { encodeTarHeader, tarEnd, tarPadding } from "../src/artifact/tar-header.ts";
import { Holder } from "@flux-ts/testbed/call-expressions";

/** Writes a tar member by member, as the tests of Go do, into a file or a buffer of the case. */
export class TarWriter {
  readonly #target: Holder | FileHandle;
  readonly #chunks: Buffer[] = [];
  #left = 0;

  constructor(target: Holder | FileHandle) {
    this.#target = target;
  }

  header({ Name, Size = 0, Mode = 0, Typeflag }: { Name: string; Size?: number; Mode?: number; Typeflag?: string }): void {
    this.#pad();
    const isFolder = Name.endsWith("/") || Typeflag?.endsWith("TypeDir") === true;
    this.#chunks.push(encodeTarHeader({ name: Name, kind: isFolder ? "folder" : "file", mode: Mode, size: Size }));
    this.#left = Size;
  }

  write(bytes: Buffer): void {
    this.#chunks.push(bytes, tarPadding(bytes.length));
    this.#left = 0;
  }

  close(): void {
    this.#pad();
    this.#target.current = gzipSync(Buffer.concat([...this.#chunks, tarEnd()]));
  }

  /** A member whose content was not written is filled up: its header has told its size. */
  #pad(): void {
    if (this.#left > 0) this.write(Buffer.alloc(this.#left));
  }
}

/** A file that is written as a whole. */
export class FileHandle {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get current(): Buffer {
    return readFileSync(this.path);
  }

  set current(bytes: Buffer) {
    writeFileSync(this.path, bytes);
  }
}

/** What a step passes on for a writer or reader: a file of the case, or a named buffer. */
export function bufferOf(value: unknown): Holder | FileHandle {
  if (value instanceof FileHandle) return value;
  if (!(value instanceof Holder)) throw new Error("the case passes no file or buffer");
  const { current } = value;
  const path = typeof current === "object" && current !== null && "$file" in current ? String(current.$file) : undefined;
  return path === undefined ? value : new FileHandle(path);
}

/** The bytes in a file or buffer. */
export function bytesOf(value: unknown): Buffer {
  const { current } = bufferOf(value);
  return Buffer.isBuffer(current) ? current : Buffer.from(String(current));
}
