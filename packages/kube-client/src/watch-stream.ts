// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, WatchEvent } from "@flux-ts/kube-core";
import { parseJson } from "@flux-ts/kube-core";

const newline = 0x0a;

/**
 * The lines of a byte stream, as text, without what follows the last newline: a watch that is cut in the middle of an
 * event has not told it.
 *
 * @throws {Error} when a line is longer than `maxLineBytes`
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, maxLineBytes: number): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const piece = chunk.subarray(start, end);
      start = end + 1;
      let line = piece;
      if (pending.length > 0) {
        line = join([...pending, piece], pendingBytes + piece.length);
        pending = [];
        pendingBytes = 0;
      }
      if (line.length > 0) yield decoder.decode(line);
    }
    if (start < chunk.length) {
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
      if (pendingBytes > maxLineBytes)
        throw new Error(`The server sent a watch event of more than ${maxLineBytes} bytes; the watch is given up`);
    }
  }
}

/**
 * Watch events out of the body of an answer. A line that is no watch event is told as an ERROR event with a Status of
 * code 500, so that one bad line does not end the watch.
 */
export async function* watchEvents(chunks: AsyncIterable<Uint8Array>, maxEventBytes: number): AsyncGenerator<WatchEvent> {
  for await (const line of splitLines(chunks, maxEventBytes)) yield parseEvent(line);
}

function parseEvent(line: string): WatchEvent {
  let why = "it has no type or no object";
  try {
    const event = parseJson(line) as Partial<WatchEvent> | null;
    if (
      typeof event === "object" &&
      event !== null &&
      typeof event.type === "string" &&
      typeof event.object === "object" &&
      event.object !== null
    ) {
      return event as WatchEvent;
    }
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  const status: KubeObject = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason: "InternalError",
    message: `a line of the watch could not be decoded: ${why}`,
    code: 500,
  };
  return { type: "ERROR", object: status };
}

function join(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
