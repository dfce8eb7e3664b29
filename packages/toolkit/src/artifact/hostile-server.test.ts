// SPDX-License-Identifier: Apache-2.0
import type { RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createHttpClient } from "../http/http-client.ts";
import { packTree } from "./archive.ts";
import { digestOf } from "./digest.ts";
import type { ArtifactsOptions } from "./fetch.ts";
import { createArtifacts } from "./fetch.ts";
import type { FileTree } from "./file-tree.ts";
import { treeOf } from "./file-tree.ts";

const archive = await packTree(treeOf([{ path: "a", content: Buffer.from("1") }]));

test("a length that is more than what comes fails the download (A4)", async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, { "content-length": String(archive.length + 1000) });
    response.write(archive, () => response.destroy());
  });
  await expect(server.fetch()).rejects.toMatchObject({ name: "ArtifactError", code: "DOWNLOAD_FAILED" });
});

test("a length that is less than what comes ends there: what is read is not the artifact (A4)", async () => {
  await using server = await serve((_, response) => {
    const socket = response.socket;
    socket?.end(Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\n"), archive]));
  });
  await expect(server.fetch()).rejects.toMatchObject({ name: "ArtifactError" });
});

test("a length of gigabytes takes no memory before they come (A4)", async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, { "content-length": String(200 * 1024 ** 3) });
    response.write(archive, () => response.destroy());
  });
  const before = process.memoryUsage().rss;
  await expect(server.fetch()).rejects.toMatchObject({ name: "ArtifactError", code: "DOWNLOAD_FAILED" });
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test.each([
  ["without a length", {}],
  ["with a length that is not true", { "content-length": String(1024 ** 4) }],
])("an endless artifact %s is left at the limit, and its server sees the connection go (A4)", async (_, headers) => {
  let gone: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (gone = resolve));
  await using server = await serve((_request, response) => {
    response.writeHead(200, headers).once("close", gone);
    sendWithoutEnd(response);
  });
  await expect(server.fetch({ maxDownloadBytes: 1024 * 1024 })).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: "artifact is greater than the max download size of 1048576 bytes",
  });
  await left;
});

test("a small archive that unpacks to more than the limit is refused (A4)", async () => {
  const bomb = await packTree(treeOf([{ path: "zeros", content: Buffer.alloc(16 * 1024 * 1024) }]));
  await using server = await serve((_, response) => void response.end(bomb));
  await expect(server.fetch({ limits: { maxBytes: 1024 * 1024 } }, digestOf(bomb))).rejects.toMatchObject({ code: "TOO_LARGE" });
});

function sendWithoutEnd(response: ServerResponse): void {
  const chunk = Buffer.alloc(256 * 1024);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more).on("error", () => undefined);
  more();
}

interface Server extends AsyncDisposable {
  fetch(options?: Partial<ArtifactsOptions>, digest?: string): Promise<FileTree>;
}

async function serve(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address object; only a pipe has a string.
  const { port } = server.address() as AddressInfo;
  const http = createHttpClient();
  return {
    fetch: (options, digest = digestOf(archive)) =>
      createArtifacts({ http, clock: { now: () => 0, after: () => () => undefined }, retries: 0, ...options }).fetch(
        { url: `http://127.0.0.1:${port}/a.tar.gz`, digest },
        AbortSignal.timeout(10_000),
      ),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
