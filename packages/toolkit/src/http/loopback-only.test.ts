// SPDX-License-Identifier: Apache-2.0
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isLoopbackAddress, loopbackOnly } from "./loopback-only.ts";

const server = createServer(loopbackOnly((_, response) => void response.end("served")));

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
afterAll(() => void server.close());

function ask(headers: Readonly<Record<string, string>>): Promise<number> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, headers }, (response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
    })
      .on("error", reject)
      .end();
  });
}

test.each([
  [{ host: "127.0.0.1:8080" }, 200],
  [{ host: "localhost" }, 200],
  [{ host: "[::1]:1" }, 200],
  [{ host: "attacker.example" }, 403],
  [{ host: "127.0.0.1.attacker.example" }, 403],
  [{ host: "127.0.0.1", origin: "http://attacker.example" }, 403],
  [{ host: "127.0.0.1", origin: "null" }, 403],
])("a request with %j is answered with %i", async (headers, status) => {
  expect(await ask(headers)).toBe(status);
});

test("loopback addresses are told from others", () => {
  expect(["127.0.0.1", "::1", "localhost"].map(isLoopbackAddress)).toEqual([true, true, true]);
  expect([undefined, "", "0.0.0.0", "10.0.0.1", "::"].map(isLoopbackAddress)).toEqual([false, false, false, false, false]);
});
