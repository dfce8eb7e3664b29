// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";

/** What git or ssh print, and the failure that it is, in the words of go-git where people know them. */
const known: readonly (readonly [RegExp, GitError["code"], string])[] = [
  [/No \S+ host key is known for/, "UNREACHABLE", "ssh: handshake failed: knownhosts: key is unknown"],
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed/, "UNREACHABLE", "ssh: handshake failed: knownhosts: key mismatch"],
  [
    /Permission denied \(/,
    "AUTHENTICATION_REQUIRED",
    "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
  ],
  [
    /no matching key exchange method found\. Their offer: (\S+)/,
    "UNREACHABLE",
    "ssh: handshake failed: ssh: no common algorithm for key exchange; server offered: [$1]",
  ],
  [
    /no matching host key type found\. Their offer: (\S+)/,
    "UNREACHABLE",
    "ssh: handshake failed: ssh: no common algorithm for host key; server offered: [$1]",
  ],
  [/Load key .*: (?:incorrect passphrase|bad passphrase)/, "INVALID_AUTH", "x509: decryption password incorrect"],
  [/Load key .*: (?:error in libcrypto|invalid format)/, "INVALID_AUTH", "ssh: no key found"],
  [/Could not resolve hostname ([^:\s]+)/, "UNREACHABLE", "dial tcp: lookup $1: no such host"],
  [/connect to host (\S+) port (\d+): Connection refused/, "UNREACHABLE", "dial tcp $1:$2: connect: connection refused"],
  [/connect to host (\S+) port (\d+): (?:Connection|Operation) timed out/, "UNREACHABLE", "dial tcp $1:$2: i/o timeout"],
  [/couldn't find remote ref (\S+)/, "REFERENCE_NOT_FOUND", 'couldn\'t find remote ref "$1"'],
  [/attempting to allocate (\d+) over limit/, "TOO_LARGE", "the server sends an object of $1 bytes, more than git is given memory for"],
  [/[Oo]ut of memory/, "TOO_LARGE", "the server sends more than git is given memory for"],
  [/not our ref ([0-9a-f]+)/, "COMMIT_NOT_FOUND", "object not found"],
  [/does not allow request for unadvertised object/i, "COMMIT_NOT_FOUND", "object not found"],
  [
    /returned error: 401|Authentication failed for|could not read Username/,
    "AUTHENTICATION_REQUIRED",
    "authentication required: Unauthorized",
  ],
  [/returned error: 403/, "AUTHORIZATION_FAILED", "authorization failed: Forbidden"],
  [/returned error: 404|repository '.*' not found|does not appear to be a git repository/, "REPOSITORY_NOT_FOUND", "repository not found"],
];

/** Turns the failure of a git process into one that says what it was. Others pass through. */
export function explainGitFailure(error: unknown): unknown {
  if (!(error instanceof GitError) || error.code !== "GIT_FAILED") return error;
  for (const [pattern, code, text] of known) {
    const match = pattern.exec(error.message);
    if (match !== null)
      return new GitError(
        code,
        text.replace(/\$(\d)/g, (_, index: string) => match[Number(index)] ?? ""),
        { cause: error },
      );
  }
  const lines = error.message.split("\n").filter((line) => /^(fatal|error|remote|ssh):/.test(line));
  return new GitError("GIT_FAILED", (lines.length === 0 ? error.message : lines.join("; ")).slice(0, 1024), { cause: error });
}
