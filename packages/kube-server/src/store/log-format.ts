// SPDX-License-Identifier: Apache-2.0
import { crc32 } from "node:zlib";
import type { KubeObject } from "@flux-ts/kube-core";
import { parseJson, stringifyJson } from "@flux-ts/kube-core";
import { KubeServerError } from "../kube-server-error.ts";

/**
 * A file of the data directory is lines. The first is the header, as plain JSON; every other one is eight hexadecimal
 * digits (the CRC-32 of what follows), a space, and JSON.
 *
 * | version | difference |
 * | --- | --- |
 * | 1 | lines had no checksum, and records named their fields in full |
 * | 2 | this one |
 */
export const FORMAT_VERSION = 2;

const MAGIC = "flux-ts kube-server";

/** A snapshot holds every object at a revision and ends with an `end` record; a log holds what came after a revision. */
export interface FileHeader {
  readonly kind: "snapshot" | "log";
  readonly version: number;
  readonly revision: number;
}

/** One object as of a revision; without an object it was deleted then. */
export interface LogRecord {
  readonly revision: number;
  readonly resource: string;
  readonly key: string;
  readonly object?: KubeObject;
}

/** The last line of a snapshot: how many objects stand before it. */
export interface EndRecord {
  readonly end: number;
}

export function encodeHeader(header: FileHeader): Buffer {
  return Buffer.from(`${JSON.stringify({ magic: MAGIC, ...header })}\n`);
}

export function encodeRecord(record: LogRecord | EndRecord): Buffer {
  const fields =
    "end" in record
      ? { end: record.end }
      : { r: record.revision, c: record.resource, k: record.key, ...(record.object === undefined ? {} : { o: record.object }) };
  const body = Buffer.from(stringifyJson(fields));
  return Buffer.concat([Buffer.from(`${hex(crc32(body))} `), body, Buffer.from("\n")]);
}

/** @throws {KubeServerError} NEWER_FORMAT, CORRUPT */
export function decodeHeader(line: string, path: string): FileHeader {
  let fields: Partial<FileHeader & { readonly magic: string }>;
  try {
    fields = JSON.parse(line) as typeof fields;
  } catch {
    fields = {};
  }
  const { magic, kind, version, revision } = fields;
  if (magic !== MAGIC || (kind !== "snapshot" && kind !== "log") || typeof version !== "number" || typeof revision !== "number") {
    throw new KubeServerError(
      "CORRUPT",
      `Cannot read ${path}: its first line is not that of a data file. Move it away, or restore it from a copy`,
    );
  }
  if (version > FORMAT_VERSION) {
    throw new KubeServerError(
      "NEWER_FORMAT",
      `Cannot read ${path}: it was written in format ${version}, and this program knows formats up to ${FORMAT_VERSION}. Use the newer program, or another folder`,
    );
  }
  return { kind, version, revision };
}

/** One line of a file of this version; undefined when it is damaged. */
export function decodeRecord(line: string, version: number): LogRecord | EndRecord | undefined {
  return version === 1 ? decodeVersion1(line) : decodeVersion2(line);
}

function decodeVersion2(line: string): LogRecord | EndRecord | undefined {
  const body = line.slice(9);
  if (line[8] !== " " || hex(crc32(body)) !== line.slice(0, 8)) return undefined;
  const fields = parseLine(body);
  if (fields === undefined) return undefined;
  if (typeof fields["end"] === "number") return { end: fields["end"] };
  return recordOf(fields["r"], fields["c"], fields["k"], fields["o"]);
}

function decodeVersion1(line: string): LogRecord | EndRecord | undefined {
  const fields = parseLine(line);
  if (fields === undefined) return undefined;
  if (typeof fields["end"] === "number") return { end: fields["end"] };
  return recordOf(fields["revision"], fields["resource"], fields["key"], fields["object"]);
}

function parseLine(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseJson(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function recordOf(revision: unknown, resource: unknown, key: unknown, object: unknown): LogRecord | undefined {
  if (typeof revision !== "number" || typeof resource !== "string" || typeof key !== "string") return undefined;
  if (object === undefined) return { revision, resource, key };
  return typeof object === "object" && object !== null ? { revision, resource, key, object: object as KubeObject } : undefined;
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, "0");
}
