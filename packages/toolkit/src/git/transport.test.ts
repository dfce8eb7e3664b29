// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasProgram } from "@flux-ts/testbed";
import type { GitServer } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import type { SshGitServer } from "@flux-ts/testbed/git-server-ssh";
import { createSshGitServer } from "@flux-ts/testbed/git-server-ssh";
import { createTestCertificates } from "@flux-ts/testbed/git-server-tls";
import { expect, test } from "vitest";
import { ignoresOf } from "../ignore/source-ignore.ts";
import { authOptionsFor } from "./auth-options.ts";
import type { GitClient } from "./client.ts";
import { createGitClient } from "./client.ts";

const withoutSsh = !hasProgram("ssh");

test.skipIf(withoutSsh)(
  "over SSH a repository is read with its key and known_hosts, also with an encrypted key, and nothing stays behind",
  async () => {
    await using world = await createSshWorld();
    const { identity, knownHosts: known_hosts, encryptedIdentity, passphrase } = world.ssh;
    expect(await world.paths({ identity, known_hosts })).toEqual(["a.yaml"]);
    expect(await world.paths({ identity: encryptedIdentity, known_hosts, password: passphrase })).toEqual(["a.yaml"]);
    expect((await readdir(world.folder, { recursive: true })).filter((path) => path.includes("remote-"))).toEqual([]);
  },
);

test.skipIf(withoutSsh)("a host that is not in known_hosts, or has another key there, is refused", async () => {
  await using world = await createSshWorld();
  await using other = await createSshGitServer(world.server.folder);
  const { identity } = world.ssh;
  const url = `${world.ssh.url}/app.git`;
  await expect(world.paths({ identity, known_hosts: other.knownHosts })).rejects.toThrow(
    `unable to clone '${url}': ssh: handshake failed: knownhosts: key is unknown`,
  );
  const mismatched = other.knownHosts.replace(`:${other.port} `, `:${world.ssh.port} `);
  await expect(world.paths({ identity, known_hosts: mismatched })).rejects.toThrow(
    `unable to clone '${url}': ssh: handshake failed: knownhosts: key mismatch`,
  );
  expect(world.ssh.commands).toEqual([]);
});

test.skipIf(withoutSsh)("a key that the server does not know is refused, and a wrong passphrase told", async () => {
  await using world = await createSshWorld();
  await using other = await createSshGitServer(world.server.folder);
  const { knownHosts: known_hosts, encryptedIdentity } = world.ssh;
  await expect(world.paths({ identity: other.identity, known_hosts })).rejects.toThrow("ssh: unable to authenticate");
  await expect(world.paths({ identity: encryptedIdentity, known_hosts, password: "wrong" })).rejects.toThrow(
    /unable to authenticate|password incorrect/,
  );
});

test.skipIf(withoutSsh)("over SSH a quote in the path stays in the path", async () => {
  await using world = await createSshWorld();
  const { identity, knownHosts: known_hosts, url } = world.ssh;
  await expect(world.paths({ identity, known_hosts }, `${url}/app';touch pwned;'.git`)).rejects.toThrow(/repository not found/);
  expect(world.ssh.commands).toEqual([`git-upload-pack '/app'\\'';touch pwned;'\\''.git'`]);
});

test.skipIf(withoutSsh)("over SSH an unchanged branch costs one ls-remote", async () => {
  await using world = await createSshWorld();
  const { identity, knownHosts: known_hosts, url } = world.ssh;
  const remote = { url: `${url}/app.git`, auth: authOptionsFor(url, new Map(Object.entries({ identity, known_hosts }))) };
  const observedRevision = `main@sha1:${world.server.repository("app").require("main")}`;
  expect(await world.git.checkout(remote, { branch: "main" }, { signal: AbortSignal.timeout(10_000), observedRevision })).toEqual({
    kind: "unchanged",
    revision: observedRevision,
  });
  expect(world.ssh.commands).toEqual(["git-upload-pack '/app.git'"]);
});

test("over TLS the CA of the Secret is what counts, and a client certificate is shown", async () => {
  const { ca, server: tls, client } = createTestCertificates();
  const { ca: otherCa } = createTestCertificates();
  await using server = await createGitServer({ tls: { ...tls, clientCa: ca } });
  await using world = await createHttpWorld();
  const repo = server.repository("app", { a: "1" });
  const pair = { "tls.crt": client.cert, "tls.key": client.key };
  expect(await world.paths(repo.url, { "ca.crt": ca, ...pair })).toEqual(["a"]);
  const unknown = `unable to clone '${repo.url}': Get "${repo.url}/info/refs?service=git-upload-pack": tls: failed to verify certificate: x509: certificate signed by unknown authority`;
  await expect(world.paths(repo.url, {})).rejects.toThrow(unknown);
  await expect(world.paths(repo.url, { "ca.crt": otherCa, ...pair })).rejects.toThrow(unknown);
  await expect(world.paths(repo.url, { "ca.crt": "not a certificate" })).rejects.toThrow(unknown);
  await expect(world.paths(repo.url, { "ca.crt": ca })).rejects.toThrow(/unable to clone/);
});

test("a server that is not there is told in known words", async () => {
  await using world = await createHttpWorld();
  await expect(world.paths("http://127.0.0.1:9/app.git", {})).rejects.toThrow(
    `unable to clone 'http://127.0.0.1:9/app.git': Get "http://127.0.0.1:9/app.git/info/refs?service=git-upload-pack": dial tcp 127.0.0.1:9: connect: connection refused`,
  );
});

test("a redirect is followed, without the credentials when it leads to another origin", async () => {
  await using server = await createGitServer();
  await using world = await createHttpWorld();
  const repo = server.repository("app", { a: "1" });
  await using redirecting = await createRedirect(server.url);
  expect(await world.paths(`${redirecting.url}/app.git`, { username: "u", password: "p" })).toEqual(["a"]);
  expect(redirecting.authorizations.some((value) => value !== undefined)).toBe(true);
  expect(server.requests.map(({ authorization }) => authorization).filter((value) => value !== undefined)).toEqual([]);
  server.protect("app", { username: "u", password: "p" });
  await expect(world.paths(`${redirecting.url}/app.git`, { username: "u", password: "p" })).rejects.toThrow("authentication required");
  expect(await world.paths(repo.url, { username: "u", password: "p" })).toEqual(["a"]);
});

test("a proxy is asked for plain HTTP and for tunnels, with its own credentials and not the server's", async () => {
  await using world = await createHttpWorld();
  await using proxy = await createProxy();
  const { ca, server: tls } = createTestCertificates();
  await using plain = await createGitServer();
  await using secure = await createGitServer({ tls });
  const options = { url: proxy.url, username: "proxy", password: "p:w" };
  for (const [server, secret] of [
    [plain, { username: "u", password: "p" }],
    [secure, { "ca.crt": ca, username: "u", password: "p" }],
  ] as const) {
    const repo = server.repository("app", { a: "1" });
    server.protect("app", { username: "u", password: "p" });
    const remote = { url: repo.url, auth: authOptionsFor(repo.url, new Map(Object.entries(secret))), proxy: options };
    const result = await world.git.checkout(remote, { branch: "main" }, { signal: AbortSignal.timeout(15_000) });
    expect(result.kind).toBe("checkout");
    if (result.kind === "checkout") await result.checkout[Symbol.asyncDispose]();
  }
  expect(new Set(proxy.seen.map(({ method }) => method))).toEqual(new Set(["GET", "POST", "CONNECT"]));
  const expected = `Basic ${Buffer.from("proxy:p:w").toString("base64")}`;
  expect(proxy.seen.filter(({ credential }) => credential !== expected)).toEqual([]);
  expect(proxy.seen.filter(({ method, authorization }) => method === "CONNECT" && authorization !== undefined)).toEqual([]);
});

test("credentials in a URL work, and are in no message", async () => {
  await using server = await createGitServer();
  await using world = await createHttpWorld();
  const repo = server.repository("app", { a: "1" });
  server.protect("app", { username: "u", password: "s3cret" });
  const url = repo.url.replace("://", "://u:s3cret@");
  expect(await world.paths(url, {})).toEqual(["a"]);
});

test("what is no git server is told, however it answers", async () => {
  await using world = await createHttpWorld();
  await using odd = await createOdd();
  await expect(world.paths(`${odd.url}/html`, {})).rejects.toThrow(/does not speak git's smart protocol/);
  await expect(world.paths(`${odd.url}/garbage`, {})).rejects.toThrow(/invalid pkt-len found/);
  await expect(world.paths(`${odd.url}/endless`, {})).rejects.toThrow(/larger than \d+ bytes/);
});

interface SshWorld extends AsyncDisposable {
  readonly server: GitServer;
  readonly ssh: SshGitServer;
  readonly git: GitClient;
  readonly folder: string;
  paths(secret: Record<string, string>, url?: string): Promise<string[]>;
}

async function createSshWorld(): Promise<SshWorld> {
  const server = await createGitServer();
  server.repository("app", { "a.yaml": "1" });
  const ssh = await createSshGitServer(server.folder);
  const http = await createHttpWorld();
  return {
    server,
    ssh,
    git: http.git,
    folder: http.folder,
    paths: (secret, url = `${ssh.url}/app.git`) => http.paths(url, secret),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await ssh[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function createHttpWorld(): Promise<
  AsyncDisposable & { git: GitClient; folder: string; paths(url: string, secret: Record<string, string>): Promise<string[]> }
> {
  // A quote and a space in the folder: what is handed to a shell must bear it.
  const folder = await mkdtemp(join(tmpdir(), "git transport's-"));
  const git = await createGitClient({ folder, path: process.env["PATH"] ?? "" });
  return {
    git,
    folder,
    async paths(url, secret) {
      const remote = { url, auth: authOptionsFor(url, new Map(Object.entries(secret))) };
      const result = await git.checkout(remote, { branch: "main" }, { signal: AbortSignal.timeout(15_000) });
      if (result.kind !== "checkout") throw new Error(`expected a checkout, got ${result.kind}`);
      await using checkout = result.checkout;
      return [...(await checkout.load(ignoresOf([], undefined), 1024)).files.keys()];
    },
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createRedirect(to: string): Promise<AsyncDisposable & { url: string; authorizations: (string | undefined)[] }> {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    response.writeHead(302, { location: to + (request.url ?? "") }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, authorizations, [Symbol.asyncDispose]: () => closed(server) };
}

interface SeenByProxy {
  readonly method: string | undefined;
  readonly credential: string | undefined;
  readonly authorization: string | undefined;
}

async function createProxy(): Promise<AsyncDisposable & { url: string; seen: SeenByProxy[] }> {
  const seen: SeenByProxy[] = [];
  const note = ({ method, headers }: IncomingMessage): boolean => {
    seen.push({ method, credential: headers["proxy-authorization"], authorization: headers.authorization });
    return headers["proxy-authorization"] !== undefined;
  };
  const server = createServer((request, response) => {
    if (!note(request)) return void response.writeHead(407, { "proxy-authenticate": 'Basic realm="proxy"' }).end();
    const { "proxy-authorization": _, ...headers } = request.headers;
    const upstream = forward(request.url ?? "", { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(upstream);
  });
  const tunnels = new Set<Duplex>();
  server.on("connect", (request, socket) => {
    tunnels.add(socket);
    if (!note(request))
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="proxy"\r\n\r\n');
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      for (const socket of tunnels) socket.destroy();
      await closed(server);
    },
  };
}

async function createOdd(): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path.startsWith("/html")) return void response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
    if (path.startsWith("/garbage")) return void response.end("001e# service=git-upload-pack\n0000zzzz");
    const chunk = Buffer.alloc(1024 * 1024, "0004");
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more).on("error", () => undefined);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: () => closed(server) };
}

async function closed(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
