// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface BackendRequest {
  /** Where the repositories live. */
  readonly folder: string;
  /** `/app.git/info/refs` */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Set when the client is known: `git http-backend` then accepts pushes. */
  readonly user: string | undefined;
}

/** Answers one request by `git http-backend`, over the CGI protocol. Resolves when the answer has been sent. */
export function runHttpBackend(request: IncomingMessage, response: ServerResponse, backend: BackendRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: {
        PATH: process.env["PATH"],
        HOME: backend.folder,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_PROJECT_ROOT: backend.folder,
        GIT_HTTP_EXPORT_ALL: "1",
        REQUEST_METHOD: request.method,
        PATH_INFO: backend.path,
        QUERY_STRING: backend.query,
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        ...(request.headers["content-length"] === undefined ? {} : { CONTENT_LENGTH: request.headers["content-length"] }),
        ...(request.headers["content-encoding"] === undefined ? {} : { HTTP_CONTENT_ENCODING: request.headers["content-encoding"] }),
        ...(request.headers["git-protocol"] === undefined ? {} : { GIT_PROTOCOL: String(request.headers["git-protocol"]) }),
        ...(backend.user === undefined ? {} : { REMOTE_USER: backend.user }),
      },
    });
    child.once("error", reject);
    // The backend may end before it has read all: that is its right.
    child.stdin.on("error", () => undefined);
    request.pipe(child.stdin);
    response.once("close", () => child.kill());

    let head: Buffer | undefined = Buffer.alloc(0);
    child.stdout.on("data", (chunk: Buffer) => {
      if (head === undefined) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      writeHead(response, head.subarray(0, end).toString("latin1"));
      const rest = head.subarray(end + 4);
      if (rest.length > 0) response.write(rest);
      head = undefined;
    });
    child.once("close", () => {
      if (head !== undefined && !response.headersSent) response.writeHead(500);
      response.end();
      resolve();
    });
  });
}

function writeHead(response: ServerResponse, text: string): void {
  let status = 200;
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}
