// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createHttpClient, readBody, withoutCredentials } from "./http-client.ts";
import { nextRequest } from "./redirect.ts";
import { requestWithRetries } from "./retry.ts";

/** Time passes at once, and says how long it would have taken. */
function quickClock(): { now: () => number; after: (ms: number, callback: () => void) => () => void; waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 0,
    after(ms, callback) {
      waits.push(ms);
      const timer = setImmediate(callback);
      return () => clearImmediate(timer);
    },
  };
}

test("credentials follow a redirect within the origin, or to https of the same host, and nowhere else (B10)", () => {
  const request = { url: "http://a.example/x", headers: { authorization: "Basic eA==", cookie: "c", accept: "y" } };
  const headersAfter = (location: string): string[] => Object.keys(nextRequest(request, 302, location).headers ?? {});
  expect(headersAfter("/z")).toEqual(["authorization", "cookie", "accept"]);
  expect(headersAfter("https://a.example/x")).toEqual(["authorization", "cookie", "accept"]);
  for (const other of [
    "http://b.example/x",
    "http://a.example:8080/x",
    "https://a.example:8443/x",
    "https://a.example.evil/x",
    "http://evil@b.example/x",
  ]) {
    expect(headersAfter(other), other).toEqual(["accept"]);
  }
});

test("a redirect never leaves encryption, nor HTTP", () => {
  for (const location of ["http://a.example/x", "file:///etc/passwd", "ftp://a.example/x"]) {
    expect(() => nextRequest({ url: "https://a.example/x" }, 302, location), location).toThrow(/would no longer be safe/);
  }
});

test("a POST becomes a GET after 303 and stays after 307", () => {
  const request = { url: "http://a/x", method: "POST", body: "b" } as const;
  expect(nextRequest(request, 303, "/y")).not.toHaveProperty("body");
  expect(nextRequest(request, 303, "/y").method).toBe("GET");
  expect(nextRequest(request, 307, "/y")).toMatchObject({ method: "POST", body: "b" });
});

test("redirects end, and without being asked for they are answers", async () => {
  await using server = await serve((request, response) => void response.writeHead(302, { location: request.url }).end());
  await using http = createHttpClient();
  await expect(http.request({ url: `${server.url}/loop`, maxRedirects: 3 })).rejects.toThrow("stopped after 3 redirects");
  expect((await http.request({ url: `${server.url}/loop` })).status).toBe(302);
});

test("a body is read up to the limit and no further", async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on("drain", more).on("error", () => undefined);
    more();
  });
  await using http = createHttpClient();
  await expect(readBody(await http.request({ url: server.url }), 1_000_000)).rejects.toMatchObject({ code: "TOO_LARGE" });
});

test("no answer, 429 and 5xx are asked again, with growing pauses; other answers and 501 are not", async () => {
  const answers = [503, 429, 200];
  await using server = await serve((_, response) => void response.writeHead(answers.shift() ?? 200).end());
  await using http = createHttpClient();
  const clock = quickClock();
  expect((await requestWithRetries(http, { url: server.url }, { clock, retries: 9 })).status).toBe(200);
  expect(clock.waits).toEqual([5_000, 10_000]);
  answers.push(501);
  expect((await requestWithRetries(http, { url: server.url }, { clock, retries: 9 })).status).toBe(501);
  const refused = requestWithRetries(http, { url: "http://127.0.0.1:9/x?token=secret" }, { clock: quickClock(), retries: 2 });
  await expect(refused).rejects.toThrow(
    `GET http://127.0.0.1:9/x giving up after 3 attempt(s): Get "http://127.0.0.1:9/x": dial tcp 127.0.0.1:9: connect: connection refused`,
  );
});

test("a server's Retry-After is honoured within bounds", async () => {
  const answers = ["7", "100000"];
  await using server = await serve((_, response) => {
    const after = answers.shift();
    if (after === undefined) response.writeHead(200).end();
    else response.writeHead(429, { "retry-after": after }).end();
  });
  await using http = createHttpClient();
  const clock = quickClock();
  await requestWithRetries(http, { url: server.url }, { clock, retries: 9 });
  expect(clock.waits).toEqual([7_000, 30_000]);
});

test("what stands in messages holds no user, password, query or fragment", () => {
  expect(withoutCredentials("https://u:p@host/x?sig=secret#f")).toBe("https://host/x");
  expect(withoutCredentials("https://host/x.git/info/refs?service=git-upload-pack")).toBe(
    "https://host/x.git/info/refs?service=git-upload-pack",
  );
  expect(withoutCredentials("no url: secret")).toBe("<invalid URL>");
});

test.each(["file:///etc/passwd", "ftp://host/x", "javascript:alert(1)", "not a url"])("%j is not asked", async (url) => {
  await using http = createHttpClient();
  await expect(http.request({ url })).rejects.toMatchObject({ code: "INVALID_URL" });
});

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
