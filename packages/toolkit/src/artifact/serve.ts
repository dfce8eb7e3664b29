// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";

/**
 * A handler for `node:http` that serves the files of an artifact storage.
 *
 * GET and HEAD of `/<kind>/<namespace>/<name>/<file>`. `/` answers 200 with nothing, for readiness probes. Folders are not
 * listed, temporary files not served, symlinks only when they end inside the folder; everything else is a 404.
 */
export function serveArtifacts(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(folder, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else end(response, 500, "Internal Server Error");
    });
  };
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return end(response, 405, "Method Not Allowed");
  }
  const path = (request.url ?? "/").split(/[?#]/, 1)[0] ?? "/";
  if (path === "/") return end(response, 200, "");
  const file = await findFile(folder, path);
  if (file === undefined) return end(response, 404, "404 page not found");
  response.writeHead(200, {
    "content-type": /\.(tar\.gz|tgz)$/.test(file.path) ? "application/gzip" : "application/octet-stream",
    "content-length": file.size,
    "last-modified": file.modified.toUTCString(),
    "x-content-type-options": "nosniff",
  });
  if (request.method === "HEAD") return void response.end();
  // A client that goes away is no failure of ours.
  await pipeline(createReadStream(file.path), response).catch(() => response.destroy());
}

async function findFile(
  folder: string,
  path: string,
): Promise<{ readonly path: string; readonly size: number; readonly modified: Date } | undefined> {
  let parts: string[];
  try {
    parts = path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
  if (parts.some((part) => part === "" || part.startsWith(".") || part.endsWith(".lock") || /[/\\\0]/.test(part))) return undefined;
  try {
    const root = await realpath(folder);
    const real = await realpath(join(root, ...parts));
    const found = await stat(real);
    return real.startsWith(root + sep) && found.isFile() ? { path: real, size: found.size, modified: found.mtime } : undefined;
  } catch {
    return undefined;
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" })
    .end(text === "" ? "" : `${text}\n`);
}
