// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { loopbackOnly } from "@flux-ts/toolkit/http";
import { runHttpBackend } from "./git-server-backend.ts";
import type { GitFiles } from "./git-server-repository.ts";
import { TestRepository } from "./git-server-repository.ts";

export type { CommitOptions, GitFile, GitFiles, TagOptions } from "./git-server-repository.ts";
export { TestRepository } from "./git-server-repository.ts";

/** What a client must send: basic credentials, or a bearer token. */
export type GitCredential = { readonly username: string; readonly password: string } | { readonly bearer: string };

/** How the server misbehaves for one repository until cleared. */
export interface GitFault {
  /** Answer with this status (and these headers) instead. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Let so many requests through first. */
  readonly after?: number;
  /** Hold every answer back until cleared (or the client goes away). */
  readonly hang?: boolean;
}

export interface GitServerOptions {
  /** Where the repositories live; those that are there already are served, too. Default: a temporary folder, removed at the end. */
  readonly folder?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Serve TLS. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly clientCa?: string };
  /** What a push must send where the repository asks for nothing. Absent: such repositories take no push. */
  readonly pushCredential?: GitCredential;
  /** Default `main`. */
  readonly defaultBranch?: string;
}

/** One request as the server saw it. */
export interface GitRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** A git server on loopback: smart HTTP by the real `git http-backend`, repositories written by this process. */
export interface GitServer extends AsyncDisposable {
  /** `http://127.0.0.1:1234`, without a slash at the end. */
  readonly url: string;
  readonly folder: string;
  /** Every request so far, in order. */
  readonly requests: readonly GitRequest[];
  /** Opens or creates `<name>.git`; `files` become its first commit if it has none. */
  repository(name: string, files?: GitFiles): TestRepository;
  /** Serves an existing repository by its `.git` folder, to be read only. @returns its URL */
  serveFolder(name: string, gitFolder: string): string;
  /** Ask for a credential from now on (`undefined`: no longer). */
  protect(name: string, credential: GitCredential | undefined): void;
  /** Misbehave from now on (`undefined`: no longer). */
  fault(name: string, fault: GitFault | undefined): void;
}

/** Starts a git server on 127.0.0.1. */
export async function createGitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "git-server-"));
  mkdirSync(folder, { recursive: true });
  const repositories = new Map<string, TestRepository>();
  const served = new Map<string, string>();
  const credentials = new Map<string, GitCredential>();
  const faults = new Map<string, GitFault>();
  const held = new Set<() => void>();
  const requests: GitRequest[] = [];
  const defaultBranch = options.defaultBranch ?? "main";

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    requests.push({ method: request.method ?? "GET", path: url.pathname + url.search, authorization: request.headers.authorization });
    const match = /^\/(.+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(url.pathname);
    const name = match?.[1] ?? "";
    if (match === null || name.includes("..")) return refuse(response, 404, "Not Found");
    const fault = faultOf(faults, name);
    if (fault?.hang === true) await new Promise<void>((resolve) => held.add(resolve));
    if (fault?.status !== undefined) return refuse(response, fault.status, "fault", fault.headers);
    const pushes = match[2] === "git-receive-pack" || url.searchParams.get("service") === "git-receive-pack";
    const required = credentials.get(name) ?? (pushes ? options.pushCredential : undefined);
    if (required === undefined && pushes) return refuse(response, 403, "Forbidden");
    if (required !== undefined && !matches(request.headers.authorization, required)) {
      const scheme = "bearer" in required ? "Bearer" : "Basic";
      return refuse(response, 401, "Unauthorized", { "www-authenticate": `${scheme} realm="git"` });
    }
    const own = served.get(name);
    if (own !== undefined && pushes) return refuse(response, 403, "Forbidden");
    if (own === undefined && !existsSync(join(folder, `${name}.git`, "HEAD"))) return refuse(response, 404, "Not Found");
    await runHttpBackend(request, response, {
      folder: own === undefined ? folder : dirname(own),
      path: own === undefined ? `/${name}.git/${match[2] ?? ""}` : `/${basename(own)}/${match[2] ?? ""}`,
      query: url.search.slice(1),
      user: required === undefined ? undefined : "user",
    });
  };

  const listener = loopbackOnly((request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy(error instanceof Error ? error : undefined);
      else refuse(response, 500, String(error));
    });
  });
  const server: Server = options.tls === undefined ? createServer(listener) : createTlsServer(tlsOptions(options.tls), listener);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve));
  // A listening TCP server has an address object; only a pipe has a string.
  const url = `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    folder,
    requests,
    repository(name, files) {
      const known =
        repositories.get(name) ??
        new TestRepository({ url: `${url}/${name}.git`, name, folder: join(folder, `${name}.git`), defaultBranch });
      repositories.set(name, known);
      if (files !== undefined && known.resolve(`refs/heads/${defaultBranch}`) === undefined) known.commit(files);
      return known;
    },
    serveFolder(name, gitFolder) {
      served.set(name, gitFolder);
      return `${url}/${name}.git`;
    },
    protect(name, credential) {
      if (credential === undefined) credentials.delete(name);
      else credentials.set(name, credential);
    },
    fault(name, fault) {
      if (fault === undefined) faults.delete(name);
      else faults.set(name, fault);
      for (const release of held) release();
      held.clear();
    },
    async [Symbol.asyncDispose]() {
      for (const release of held) release();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Counts down what is let through. */
function faultOf(faults: Map<string, GitFault>, name: string): GitFault | undefined {
  const fault = faults.get(name);
  if (fault?.after === undefined || fault.after <= 0) return fault;
  faults.set(name, { ...fault, after: fault.after - 1 });
  return undefined;
}

function tlsOptions(tls: NonNullable<GitServerOptions["tls"]>): Parameters<typeof createTlsServer>[0] {
  const client = tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true };
  return { key: tls.key, cert: tls.cert, ...client };
}

function refuse(response: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "content-type": "text/plain", ...headers }).end(`${text}\n`);
}

function matches(header: string | undefined, credential: GitCredential): boolean {
  const expected =
    "bearer" in credential
      ? `Bearer ${credential.bearer}`
      : `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString("base64")}`;
  return header === expected;
}
