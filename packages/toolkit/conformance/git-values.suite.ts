// SPDX-License-Identifier: Apache-2.0
import type { Suite } from "@flux-ts/testbed";
import type { GitAuth } from "../src/git/index.ts";
import {
  authOptionsFor,
  commitDigest,
  formatAbsoluteRevision,
  formatRevision,
  modernRevision,
  shortMessage,
  signatureType,
  splitRevision,
} from "../src/git/index.ts";
import { maskToken } from "../src/http/index.ts";
import { knownFailures } from "./git-values.known-failures.ts";
import { Several, caseSuite } from "@flux-ts/testbed/call-cases";

/** A URL as the corpus writes it. */
interface CorpusUrl {
  readonly Scheme?: string;
  readonly Host?: string;
  readonly Path?: string;
  readonly User?: string;
}

/** Authentication options with the names of Go. */
interface CorpusAuth {
  readonly Transport?: string;
  readonly Host?: string;
  readonly Username?: string;
  readonly Password?: string;
  readonly BearerToken?: string;
  readonly Identity?: string;
  readonly KnownHosts?: string;
}

interface CorpusCommit {
  readonly Hash?: string;
  readonly Reference?: string;
  readonly Message?: string;
  readonly Signature?: string;
}

const auth = ({ Scheme = "", Host = "", Path = "", User }: CorpusUrl, data: unknown): GitAuth => {
  const address = `${Scheme}://${User === undefined ? "" : `${User}@`}${Host}${Path}`;
  return authOptionsFor(address, new Map(Object.entries((data ?? {}) as Record<string, string>)));
};

const named = (options: GitAuth): Record<string, unknown> => {
  if (options.transport === "ssh") {
    const { host, username, password, identity, knownHosts } = options;
    return { Transport: "ssh", Host: host, Username: username, Password: password, Identity: identity, KnownHosts: knownHosts };
  }
  const { transport, username, password, bearerToken, ca, clientCert, clientKey } = options;
  const identity = { Transport: transport, Username: username, Password: password, BearerToken: bearerToken };
  return { ...identity, CAFile: ca, ClientCert: clientCert, ClientKey: clientKey };
};

/** Options are checked as they are made of a URL and a Secret. */
const validate = ({ Transport = "", Host, Username, Password, Identity, KnownHosts }: CorpusAuth): void => {
  if (Transport === "") throw new Error("no transport type set");
  if (Transport === "ssh" && (Host ?? "") === "") throw new Error("invalid 'ssh' auth option: 'host' is required");
  const secret = { username: Username, password: Password, identity: Identity, known_hosts: KnownHosts };
  auth(
    { Scheme: Transport, Host: Host ?? "example.com" },
    Object.fromEntries(Object.entries(secret).filter(([, value]) => value !== undefined)),
  );
};

/** What Flux' git package says of revisions, messages and credentials. */
export const suite: Suite = caseSuite({
  name: "git-values",
  files: ["pkg/git/git.jsonl", "pkg/git/options.jsonl", "pkg/git/utils.jsonl", "pkg/masktoken/masktoken.jsonl"],
  knownFailures,
  calls: {
    "pkg/git.NewAuthOptions": ([url, data]) => named(auth(url as CorpusUrl, data)),
    "pkg/git.AuthOptions.Validate": (_, on) => validate(on as CorpusAuth),
    "pkg/git.SplitRevision": ([revision]) => {
      const { pointer, id } = splitRevision(String(revision));
      return new Several(pointer, id);
    },
    "pkg/git.ExtractHashFromRevision": ([revision]) => splitRevision(String(revision)).id,
    "pkg/git.ExtractNamedPointerFromRevision": ([revision]) => splitRevision(String(revision)).pointer,
    "pkg/git.TransformRevision": ([revision]) => modernRevision(String(revision)),
    "pkg/git.Commit.String": (_, on) => formatRevision((on as CorpusCommit).Reference ?? "", (on as CorpusCommit).Hash ?? ""),
    "pkg/git.Commit.AbsoluteReference": (_, on) =>
      formatAbsoluteRevision((on as CorpusCommit).Reference ?? "", (on as CorpusCommit).Hash ?? ""),
    "pkg/git.Commit.ShortMessage": (_, on) => shortMessage((on as CorpusCommit).Message ?? ""),
    "pkg/git.Hash.Digest": (_, on) => commitDigest(typeof on === "string" ? on : ""),
    "pkg/git.Hash.Algorithm": (_, on) => commitDigest(typeof on === "string" ? on : "").split(":")[0] || "<unknown>",
    "pkg/git.Commit.SignatureType": (_, on) => signatureType((on as CorpusCommit).Signature ?? ""),
    "pkg/git.Tag.SignatureType": (_, on) => signatureType((on as CorpusCommit).Signature ?? ""),
    "pkg/git.Commit.IsPGPSigned": (_, on) => signatureType((on as CorpusCommit).Signature ?? "") === "openpgp",
    "pkg/git.Commit.IsSSHSigned": (_, on) => signatureType((on as CorpusCommit).Signature ?? "") === "ssh",
    "pkg/git.Tag.IsPGPSigned": (_, on) => signatureType((on as CorpusCommit).Signature ?? "") === "openpgp",
    "pkg/git.Tag.IsSSHSigned": (_, on) => signatureType((on as CorpusCommit).Signature ?? "") === "ssh",
    "pkg/git.IsSignedTag": ([tag]) => signatureType((tag as CorpusCommit).Signature ?? "") !== "empty",
    "pkg/masktoken.MaskTokenFromString": ([text, token]) => maskToken(String(text), String(token)),
  },
});
