// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "@flux-ts/kube-core";
import type { ApiServer } from "./server.ts";
import { ADMIN } from "./server.ts";
import { answerBody, headersOf } from "./front/answer-bytes.ts";
import { eventLine } from "./front/event-line.ts";

/** The shape of `fetch`, as far as an API's clients need it. */
export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * The server as a `fetch` function: requests and answers as bytes, without a socket. For clients that speak HTTP, and
 * for tests of what an HTTP client would see.
 *
 * @param identity who asks, before impersonation
 */
export function createFetch(server: ApiServer, identity: Identity = ADMIN): FetchLike {
  return async (input, init = {}) => {
    const url = new URL(input);
    const given = new Headers(init.headers);
    const body = init.body === undefined || init.body === null ? undefined : new Uint8Array(await new Response(init.body).arrayBuffer());
    const signal = init.signal ?? undefined;
    signal?.throwIfAborted();
    const answer = await server.handle({
      method: init.method ?? "GET",
      path: url.pathname,
      query: queryOf(url.searchParams),
      headers: Object.fromEntries(given),
      identity,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    const headers = new Headers();
    for (const [name, values] of headersOf(answer)) for (const value of values) headers.append(name, value);
    if (!answer.watch) return new Response(answerBody(answer), { status: answer.status, headers });
    const { watch } = answer;
    let stop = (): void => undefined;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        let isOpen = true;
        stop = watch.start({
          event: (event) => {
            if (isOpen) controller.enqueue(Buffer.concat(eventLine(server.plane.encoder, event)));
            return isOpen;
          },
          end: () => {
            if (isOpen) controller.close();
            isOpen = false;
          },
        });
        signal?.addEventListener("abort", () => {
          if (!isOpen) return;
          isOpen = false;
          stop();
          controller.error(signal.reason);
        });
      },
      cancel: () => stop(),
    });
    return new Response(stream, { status: answer.status, headers });
  };
}

export function queryOf(parameters: URLSearchParams): Record<string, readonly string[]> {
  const query = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of parameters) (query[name] ??= []).push(value);
  return query;
}
