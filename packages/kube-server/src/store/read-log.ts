// SPDX-License-Identifier: Apache-2.0
import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KubeServerError } from "../kube-server-error.ts";
import type { FileHeader, LogRecord } from "./log-format.ts";
import { decodeHeader, decodeRecord } from "./log-format.ts";

export interface DataFile {
  readonly path: string;
  readonly kind: FileHeader["kind"];
  readonly revision: number;
}

const NAME = /^(snapshot|log)-(\d{1,16})\.jsonl$/;

/** The files of a data folder, oldest first. */
export function listDataFiles(folder: string): readonly DataFile[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const [, kind, revision] = NAME.exec(name) ?? [];
      return kind === undefined ? [] : [{ path: join(folder, name), kind: kind as FileHeader["kind"], revision: Number(revision) }];
    })
    .toSorted((a, b) => a.revision - b.revision);
}

/** The file of a kind that begins at a revision. */
export function dataFileName(kind: FileHeader["kind"], revision: number): string {
  return `${kind}-${revision}.jsonl`;
}

/**
 * Reads a snapshot: every record, or undefined when it was not finished.
 * @throws {KubeServerError} CORRUPT, NEWER_FORMAT
 */
export function readSnapshot(path: string): readonly LogRecord[] | undefined {
  const { header, lines } = readLines(path);
  const records: LogRecord[] = [];
  for (const { text } of lines) {
    const record = decodeRecord(text, header.version);
    if (record === undefined) throw damaged(path, records.length + 2);
    if ("end" in record) return record.end === records.length ? records : undefined;
    records.push(record);
  }
  return undefined;
}

/**
 * Whether not even the first line of a log was written whole: whoever began it was killed, or had no room. It holds nothing
 * that was acknowledged.
 */
export function isBarelyBegun(path: string): boolean {
  return !readFileSync(path).includes(0x0a);
}

/**
 * Reads a log. Half a record at its very end, which a crash leaves behind, was never acknowledged: it is cut off.
 *
 * @param isLast whether no younger log follows; only then may the end be torn
 * @throws {KubeServerError} CORRUPT when a record is damaged that others follow; NEWER_FORMAT
 */
export function readLog(path: string, isLast: boolean): { readonly version: number; readonly records: readonly LogRecord[] } {
  const { header, lines, size } = readLines(path);
  const records: LogRecord[] = [];
  for (const [index, { text, start, isWhole }] of lines.entries()) {
    const record = isWhole ? decodeRecord(text, header.version) : undefined;
    if (record !== undefined && !("end" in record)) {
      records.push(record);
      continue;
    }
    if (!isLast || index !== lines.length - 1) throw damaged(path, index + 2);
    truncate(path, start, size);
  }
  return { version: header.version, records };
}

interface Line {
  readonly text: string;
  /** Offset of its first byte. */
  readonly start: number;
  /** Whether a newline ends it. */
  readonly isWhole: boolean;
}

function readLines(path: string): { readonly header: FileHeader; readonly lines: readonly Line[]; readonly size: number } {
  const bytes = readFileSync(path);
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    lines.push({ text: bytes.toString("utf8", start, end), start, isWhole: newline >= 0 });
    start = end + 1;
  }
  const [first, ...rest] = lines;
  return { header: decodeHeader(first?.text ?? "", path), lines: rest, size: bytes.length };
}

function truncate(path: string, length: number, size: number): void {
  if (length === size) return;
  const file = openSync(path, "r+");
  try {
    ftruncateSync(file, length);
  } finally {
    closeSync(file);
  }
}

function damaged(path: string, line: number): KubeServerError {
  return new KubeServerError(
    "CORRUPT",
    `Cannot read ${path}: line ${line} is damaged, and what follows cannot be trusted. Restore the folder from a copy, or begin with an empty one`,
  );
}
