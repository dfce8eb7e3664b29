// SPDX-License-Identifier: Apache-2.0
import type { TransportRequest, TransportResponse } from "@flux-ts/kube-core";
import { parseJson } from "@flux-ts/kube-core";
import { watchEvents } from "./watch-stream.ts";

/** An answer as it came over the wire. */
export interface RawResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** How much of an answer is read. */
export interface ResponseLimits {
  readonly maxResponseBytes: number;
  readonly maxEventBytes: number;
}

function isOn(value: string | readonly string[] | undefined): boolean {
  return value === "true" || value === "1";
}

/** Whether the answer is a stream of events. */
export function isWatch(request: TransportRequest): boolean {
  return isOn(request.query?.["watch"]);
}

/** Whether the answer is a log that goes on. */
export function isFollow(request: TransportRequest): boolean {
  return isOn(request.query?.["follow"]) && request.path.endsWith("/log");
}

/**
 * Decodes an answer by what was asked and what came: a stream of events, a stream of bytes, JSON, or text.
 *
 * @throws {Error} when the body is larger than allowed, or says JSON and is not
 */
export async function decodeResponse(request: TransportRequest, response: RawResponse, limits: ResponseLimits): Promise<TransportResponse> {
  const { status, headers } = response;
  if (status < 300 && isWatch(request)) return { status, headers, events: watchEvents(response.body, limits.maxEventBytes) };
  if (status < 300 && isFollow(request)) return { status, headers, stream: response.body };
  const text = await readText(response.body, limits.maxResponseBytes, `${request.method} ${request.path}`);
  const type = String(headers["content-type"] ?? "");
  if (!/^application\/(json|[\w.+-]+\+json)\b/.test(type) || text === "") return { status, headers, text };
  try {
    return { status, headers, object: parseJson(text) };
  } catch (error) {
    if (status >= 400) return { status, headers, text };
    throw new Error(`${request.method} ${request.path}: the server answered ${status} with broken JSON`, { cause: error });
  }
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number, what: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`${what}: the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const decoder = new TextDecoder();
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return decoder.decode(only);
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
}
