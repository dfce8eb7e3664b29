// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { CommandError } from "../../../command.ts";
import type { Io } from "../../../io.ts";

const DEFAULT_PORT = 22;
const TIMEOUT_SECONDS = 30;

/** Which of a server's keys is recorded when it shows several: what Go's client asks for first. */
const preferred = ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa", "ssh-ed25519"];

/**
 * The line of `known_hosts` for the key that an SSH server shows.
 * @param host with or without a port
 * @throws {CommandError} when it shows none
 * @see fluxcd/pkg ssh ScanHostKey
 */
export async function scanHostKey(io: Io, host: string): Promise<string> {
  const [, name = host, portText] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(host) ?? [];
  const port = portText === undefined ? DEFAULT_PORT : Number(portText);
  const fail = (cause: unknown): CommandError =>
    new CommandError(
      `SSH key scan for host ${name}:${port} failed, error: ${cause instanceof Error ? cause.message : "no key was shown"}`,
      {
        cause,
      },
    );
  let text: string;
  try {
    text = await (io.scanHostKeys ?? ((one, at) => keyscan(one, at, io)))(name, port);
  } catch (error) {
    throw fail(error);
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const typeOf = (line: string): string => line.split(/\s+/)[1] ?? "";
  const line = preferred.flatMap((type) => lines.filter((one) => typeOf(one) === type))[0] ?? lines[0];
  if (line === undefined) throw fail(undefined);
  return line.trim();
}

function keyscan(host: string, port: number, { signal, env }: Io): Promise<string> {
  // A name that begins with a dash would be an option.
  if (host === "" || host.startsWith("-")) return Promise.reject(new Error(`${JSON.stringify(host)} is no host`));
  return new Promise((resolve, reject) => {
    const args = ["-T", String(TIMEOUT_SECONDS), "-p", String(port), host];
    const options = { signal, env: { ...env }, timeout: (TIMEOUT_SECONDS + 5) * 1000, maxBuffer: 1024 * 1024 };
    execFile("ssh-keyscan", args, options, (error, stdout, stderr) => {
      if (stdout.trim() !== "") resolve(stdout);
      else reject(new Error(stderr.trim() || error?.message || "no key was shown"));
    });
  });
}
