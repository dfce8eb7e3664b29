// SPDX-License-Identifier: Apache-2.0
import { failure } from "../status-errors.ts";

/** As large as etcd's limit lets the API server be. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** Gathers a body. @throws {ApiError} 413 when it is larger than the limit */
export async function readBody(stream: AsyncIterable<Uint8Array>, maxBytes = MAX_BODY_BYTES): Promise<Uint8Array | undefined> {
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
