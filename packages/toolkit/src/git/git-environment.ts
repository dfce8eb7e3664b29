// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HttpAuth, SshAuth } from "./auth-options.ts";
import type { GitRemote } from "./remote.ts";
import { authorizationOf } from "./remote.ts";

export interface EnvironmentOptions {
  /** Where programs are found. */
  readonly path: string;
  /** A private folder: credential files live below it for as long as the environment does. */
  readonly folder: string;
  /** `--ssh-kex-algos`, `--ssh-hostkey-algos`. */
  readonly sshKexAlgorithms?: readonly string[];
  readonly sshHostKeyAlgorithms?: readonly string[];
}

/** What a git process that talks to one remote is given. Dispose it when the process has ended. */
export interface RemoteEnvironment extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

/** The environment of every git process: no configuration but our own, no prompt, no transport, no replaced objects. */
export function localEnvironment({ path, folder }: EnvironmentOptions): Record<string, string> {
  return {
    PATH: path,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "true",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    // Of one piece of memory: a pack may say that a few bytes of it are an object of terabytes.
    GIT_ALLOC_LIMIT: "512m",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_PROTOCOL_FROM_USER: "0",
    GIT_ALLOW_PROTOCOL: "none",
  };
}

/** Credentials travel in the environment and in files of mode 0600, never in arguments, and only to the remote's own origin. */
export async function remoteEnvironment(remote: GitRemote, options: EnvironmentOptions): Promise<RemoteEnvironment> {
  const folder = await mkdtemp(join(options.folder, "remote-"));
  await chmod(folder, 0o700);
  const write = async (name: string, text: string, mode = 0o600): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode });
    return path;
  };
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const { auth } = remote;
    const extra = auth.transport === "ssh" ? await sshVariables(auth, write, options) : await httpVariables(remote, auth, write);
    return { env: { ...localEnvironment(options), ...extra }, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type WriteFile = (name: string, text: string, mode?: number) => Promise<string>;

async function httpVariables(remote: GitRemote, auth: HttpAuth, write: WriteFile): Promise<Record<string, string>> {
  const origin = new URL(remote.url).origin;
  const authorization = authorizationOf(auth);
  const settings: [string, string][] = [
    ["http.followRedirects", "false"],
    ["http.proxy", remote.proxy === undefined ? "" : proxyAddress(remote.proxy)],
  ];
  // Otherwise a proxy is first asked without credentials, and not every proxy bears that.
  if (remote.proxy?.username !== undefined) settings.push(["http.proxyAuthMethod", "basic"]);
  if (authorization !== undefined) settings.push([`http.${origin}/.extraHeader`, `Authorization: ${authorization}`]);
  if (auth.ca !== undefined) settings.push([`http.${origin}/.sslCAInfo`, await write("ca.crt", auth.ca)]);
  if (auth.clientCert !== undefined) settings.push([`http.${origin}/.sslCert`, await write("tls.crt", auth.clientCert)]);
  if (auth.clientKey !== undefined) settings.push([`http.${origin}/.sslKey`, await write("tls.key", auth.clientKey)]);
  const variables: Record<string, string> = { GIT_ALLOW_PROTOCOL: "http:https", GIT_CONFIG_COUNT: String(settings.length) };
  for (const [index, [key, value]] of settings.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}

function proxyAddress(proxy: NonNullable<GitRemote["proxy"]>): string {
  const url = new URL(proxy.url);
  if (proxy.username !== undefined) url.username = proxy.username;
  if (proxy.password !== undefined) url.password = proxy.password;
  return url.href;
}

async function sshVariables(auth: SshAuth, write: WriteFile, options: EnvironmentOptions): Promise<Record<string, string>> {
  const identity = await write("identity", auth.identity.endsWith("\n") ? auth.identity : `${auth.identity}\n`);
  const knownHosts = await write("known_hosts", auth.knownHosts.endsWith("\n") ? auth.knownHosts : `${auth.knownHosts}\n`);
  const hasPassword = auth.password !== undefined;
  const settings: Record<string, string> = {
    User: auth.username,
    IdentityFile: quotePath(identity),
    UserKnownHostsFile: quotePath(knownHosts),
    GlobalKnownHostsFile: "/dev/null",
    StrictHostKeyChecking: "yes",
    UpdateHostKeys: "no",
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
    PreferredAuthentications: "publickey",
    PasswordAuthentication: "no",
    KbdInteractiveAuthentication: "no",
    NumberOfPasswordPrompts: "1",
    BatchMode: hasPassword ? "no" : "yes",
    ForwardAgent: "no",
    PermitLocalCommand: "no",
    ProxyCommand: "none",
    ClearAllForwardings: "yes",
    LogLevel: "INFO",
    ...(options.sshKexAlgorithms?.length ? { KexAlgorithms: options.sshKexAlgorithms.join(",") } : {}),
    ...(options.sshHostKeyAlgorithms?.length ? { HostKeyAlgorithms: options.sshHostKeyAlgorithms.join(",") } : {}),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  const config = await write("config", lines.join(""));
  const askpass = hasPassword ? await writeAskpass(auth.password ?? "", write) : undefined;
  return {
    GIT_ALLOW_PROTOCOL: "ssh",
    GIT_SSH_VARIANT: "ssh",
    GIT_SSH_COMMAND: `ssh -F ${quoteForShell(config)}`,
    ...(askpass === undefined ? {} : { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: "force", DISPLAY: "none" }),
  };
}

/** The only way to hand the password of a key to ssh: a program that prints it. */
async function writeAskpass(password: string, write: WriteFile): Promise<string> {
  const file = await write("password", `${password}\n`);
  return write("askpass", `#!/bin/sh\nexec cat ${quoteForShell(file)}\n`, 0o700);
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** In a configuration of ssh, where `%` begins a token. */
function quotePath(path: string): string {
  return `"${path.replaceAll("%", "%%").replaceAll('"', '\\"')}"`;
}
