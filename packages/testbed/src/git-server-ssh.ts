// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Connection, KexAlgorithm, ServerChannel } from "ssh2";
import ssh2 from "ssh2";

/** A git server over SSH on loopback, for the repositories of a folder. One key may come in. */
export interface SshGitServer extends AsyncDisposable {
  /** `ssh://git@127.0.0.1:1234` */
  readonly url: string;
  readonly port: number;
  /** The server's line of a `known_hosts` file. */
  readonly knownHosts: string;
  /** The private key that may come in. */
  readonly identity: string;
  /** The same kind of key, which may come in too, encrypted with {@link passphrase}. */
  readonly encryptedIdentity: string;
  readonly passphrase: string;
  /** The commands that were run. */
  readonly commands: readonly string[];
}

/** A new private key, in OpenSSH's form. `bits` of RSA and ECDSA keys. */
export function generateSshKey(kind: "ed25519" | "rsa" | "ecdsa", bits?: number): string {
  const { generateKeyPairSync } = ssh2.utils;
  return readable(() => {
    if (kind === "ed25519") return generateKeyPairSync("ed25519");
    if (kind === "rsa") return generateKeyPairSync("rsa", { bits: bits ?? 2048 });
    return generateKeyPairSync("ecdsa", { bits: bits === 384 || bits === 521 ? bits : 256 });
  }).private;
}

interface SshKeyPair {
  readonly private: string;
  readonly public: string;
}

/** About one key of two hundred that ssh2 makes it cannot read itself, nor can anybody else: another one is made then. */
function readable(generate: () => SshKeyPair, passphrase?: string): SshKeyPair {
  for (;;) {
    const pair = generate();
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}

export interface SshGitServerOptions {
  /** The server's own keys, private, in OpenSSH's form. Default: a new Ed25519 key. */
  readonly hostKeys?: readonly string[];
  /** Key exchange algorithms. Default: those of the library. */
  readonly keyExchanges?: readonly string[];
  /** Let every key in. */
  readonly acceptsAnyKey?: boolean;
}

/** @param folder where the bare repositories lie: of a `GitServer`, its `folder` */
export async function createSshGitServer(folder: string, options: SshGitServerOptions = {}): Promise<SshGitServer> {
  const { utils } = ssh2;
  const passphrase = 'pass phrase\'s "quotes"';
  const hostKeys = options.hostKeys ?? [generateSshKey("ed25519")];
  const client = readable(() => utils.generateKeyPairSync("ed25519"));
  const encrypted = readable(() => utils.generateKeyPairSync("ed25519", { passphrase, cipher: "aes256-ctr", rounds: 4 }), passphrase);
  const allowed = [client.public, encrypted.public].map((key) => (key.split(" ")[1] ?? "").trim());
  const commands: string[] = [];
  const connections = new Set<Connection>();

  // Names that the library does not know it refuses by itself.
  const kex = options.keyExchanges === undefined ? {} : { algorithms: { kex: [...options.keyExchanges] as KexAlgorithm[] } };
  const server = new ssh2.Server({ hostKeys: [...hostKeys], ...kex }, (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
    // A client that goes away is no failure of ours.
    connection.on("error", () => undefined);
    connection.on("authentication", (context) => {
      const isKnown =
        context.method === "publickey" &&
        context.username === "git" &&
        (options.acceptsAnyKey === true || allowed.includes(context.key.data.toString("base64")));
      if (isKnown) context.accept();
      else context.reject(["publickey"]);
    });
    connection.on("session", (accept) => {
      const session = accept();
      session.on("env", (acceptEnv) => acceptEnv?.());
      session.on("exec", (acceptExec, _, { command }) => {
        commands.push(command);
        const match = /^git-(upload|receive)-pack '\/([\w./-]+)'$/.exec(command);
        const repository = join(folder, match?.[2] ?? "");
        if (match === null || (match[2] ?? "").includes("..") || !existsSync(join(repository, "HEAD"))) {
          const channel = acceptExec();
          channel.stderr.write("fatal: does not appear to be a git repository\n");
          channel.exit(128);
          channel.end();
          return;
        }
        serve(acceptExec(), `${match[1] ?? "upload"}-pack`, repository);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address object; only a pipe has a string.
  const { port } = server.address() as AddressInfo;
  return {
    url: `ssh://git@127.0.0.1:${port}`,
    port,
    knownHosts: hostKeys.map((key) => `[127.0.0.1]:${port} ${publicKeyOf(key)}\n`).join(""),
    identity: client.private,
    encryptedIdentity: encrypted.private,
    passphrase,
    commands,
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** `ssh-ed25519 AAAA…` of a private key. */
function publicKeyOf(privateKey: string): string {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  return `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
}

function serve(channel: ServerChannel, service: string, repository: string): void {
  const child = spawn("git", [service, repository], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: repository, GIT_CONFIG_NOSYSTEM: "1" },
  });
  channel.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.once("close", () => child.kill());
  child.once("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}
