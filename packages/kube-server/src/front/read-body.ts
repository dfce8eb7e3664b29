// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from "node:http";
import { constants, type Http2ServerRequest } from "node:http2";
import { failure } from "../status-errors.ts";

/** As large as etcd's limit lets the API server be. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** How long a body may take to come: the request timeout of the API server. */
export const BODY_TIMEOUT_MS = 60_000;

/**
 * Gathers a body within a time; who takes longer is cut off.
 * @throws {ApiError} 413 when it is larger than the limit
 * @throws {Error} when it is cut off
 */
export async function readBody(
  stream: IncomingMessage | Http2ServerRequest,
  timeoutMs = BODY_TIMEOUT_MS,
  maxBytes = MAX_BODY_BYTES,
): Promise<Uint8Array | undefined> {
  // A request of HTTP/2 is only a view of its stream: destroying it would leave that open.
  const cutOff = (): void => void ("stream" in stream ? stream.stream.close(constants.NGHTTP2_CANCEL) : stream.destroy());
  const timer = setTimeout(cutOff, timeoutMs);
  try {
    return await gather(stream, maxBytes);
  } finally {
    clearTimeout(timer);
  }
}

async function gather(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw failure(413, "RequestEntityTooLarge", `Request entity too large: limit is ${maxBytes}`);
    chunks.push(chunk);
  }
  if (chunks.length === 0) return undefined;
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}
