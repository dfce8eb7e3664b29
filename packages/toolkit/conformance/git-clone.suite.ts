// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "@flux-ts/testbed";
import { hasProgram } from "@flux-ts/testbed";
import { writeFolder } from "../src/artifact/index.ts";
import type { Checkout, GitClient, GitRef } from "../src/git/index.ts";
import { authOptionsFor, commitDigest, createGitClient, formatAbsoluteRevision, selectRef, splitRevision } from "../src/git/index.ts";
import { knownFailures } from "./git-clone.known-failures.ts";
import type { WorkRepository } from "./git-repositories.ts";
import { CaseServer, hash, textOf, WorkFile } from "./git-repositories.ts";
import type { Call, Run } from "@flux-ts/testbed/call-cases";
import { Several, caseSuite } from "@flux-ts/testbed/call-cases";
import { Holder, isResult } from "@flux-ts/testbed/call-expressions";
import type { SshGitServer } from "@flux-ts/testbed/git-server-ssh";
import { createSshGitServer, generateSshKey } from "@flux-ts/testbed/git-server-ssh";

/** `repository.CloneConfig` as the corpus writes it. */
interface CloneConfig {
  readonly CheckoutStrategy?: { readonly [field: string]: string };
  readonly LastObservedCommit?: string;
  readonly SparseCheckoutDirectories?: readonly string[];
}

interface CaseClient {
  readonly folder: string;
  readonly secret: ReadonlyMap<string, string>;
}

/** An SSH server before and after it has started. */
interface CaseSshServer {
  readonly hostKeys: readonly string[];
  readonly keyExchanges?: readonly string[];
  readonly server: CaseServer;
  started?: SshGitServer;
  SSHAddress(): string;
  Root(): string;
  ListenSSH(): null;
}

const sshServer = (server: CaseServer, config: Pick<CaseSshServer, "hostKeys" | "keyExchanges">): CaseSshServer => {
  const own: CaseSshServer = { ...config, server, SSHAddress: () => own.started?.url ?? "", Root: () => "", ListenSSH: () => null };
  return own;
};

const startSsh: Call = async (_args, on, run) => {
  const own = on as CaseSshServer;
  const { folder } = await own.server.start();
  const options = {
    acceptsAnyKey: true,
    ...(own.hostKeys.length === 0 ? {} : { hostKeys: own.hostKeys }),
    ...(own.keyExchanges === undefined ? {} : { keyExchanges: own.keyExchanges }),
  };
  const started = await createSshGitServer(folder, options);
  run.cleanup.push(async () => started[Symbol.asyncDispose]());
  own.started = started;
};

/** Keys by the names of Flux. RSA keys are half as long as there: their length is not what the cases are about. */
const generateKey = (kind: string): { PrivateKey: string } => {
  if (kind === "ed25519") return { PrivateKey: generateSshKey("ed25519") };
  if (kind.startsWith("rsa-")) return { PrivateKey: generateSshKey("rsa", 2048) };
  return { PrivateKey: generateSshKey("ecdsa", Number(kind.slice(-3))) };
};

/** What `ssh-keyscan` would find, with hashed names when asked for. */
const scanHostKey = (server: SshGitServer, isHashed: boolean): string => {
  if (!isHashed) return server.knownHosts;
  const salt = randomBytes(20);
  const name = createHmac("sha1", salt).update(`[127.0.0.1]:${server.port}`).digest("base64");
  return server.knownHosts.replaceAll(`[127.0.0.1]:${server.port}`, `|1|${salt.toString("base64")}|${name}`);
};

const held = (value: unknown): Record<string, unknown> =>
  ((value instanceof Holder ? value.current : value) ?? {}) as Record<string, unknown>;

/** One server and one client for each case. */
const servers = (): ((run: Run) => CaseServer) => {
  const known = new WeakMap<Run, CaseServer>();
  return (run) => {
    const server = known.get(run) ?? new CaseServer(run);
    known.set(run, server);
    return server;
  };
};

const clientOf = async (run: Run): Promise<GitClient> => {
  const folder = join(run.folder, "git");
  mkdirSync(folder, { recursive: true });
  const algorithms = (name: string): readonly string[] => (run.variables.get(`pkg/git.${name}`) ?? []) as readonly string[];
  const git = await createGitClient({
    folder,
    path: process.env["PATH"] ?? "",
    sshKexAlgorithms: algorithms("KexAlgos"),
    sshHostKeyAlgorithms: algorithms("HostKeyAlgos"),
  });
  run.cleanup.push(async () => git[Symbol.asyncDispose]());
  return git;
};

const refOf = ({ CheckoutStrategy = {} }: CloneConfig): GitRef => {
  const field = (name: string): string => textOf(CheckoutStrategy[name]);
  return {
    branch: field("Branch"),
    tag: field("Tag"),
    semver: field("SemVer") || field("semver"),
    name: field("RefName"),
    commit: field("Commit"),
  };
};

const tagOf = ({ reference, tagObject }: Checkout): Record<string, unknown> => {
  const text = tagObject?.toString("utf8") ?? "";
  return { Name: reference.slice("refs/tags/".length), Encoded: text, Message: text.slice(text.indexOf("\n\n") + 2) };
};

/** A commit with the names of Go. Of one that was not read again only its revision is known. */
const commitOf = (checkout: Checkout): Record<string, unknown> => ({
  String: () => checkout.revision,
  AbsoluteReference: () => checkout.absoluteRevision,
  Hash: hash(checkout.commit.id),
  Encoded: checkout.commit.raw.toString("utf8"),
  ReferencingTag: checkout.reference.startsWith("refs/tags/") ? tagOf(checkout) : null,
});

const clone: Call = async ([address, config], on, run) => {
  const { folder, secret } = on as CaseClient;
  const { LastObservedCommit, SparseCheckoutDirectories } = config as CloneConfig;
  const url = String(address);
  const git = await clientOf(run);
  const result = await git.checkout({ url, auth: authOptionsFor(url, secret) }, refOf(config as CloneConfig), {
    signal: AbortSignal.timeout(20_000),
    observedRevision: LastObservedCommit === undefined || LastObservedCommit === "" ? undefined : LastObservedCommit,
    sparse: SparseCheckoutDirectories,
  });
  if (result.kind === "empty") return null;
  if (result.kind === "unchanged") return { String: () => result.revision, AbsoluteReference: () => result.revision };
  await using checkout = result.checkout;
  await writeFolder(await checkout.load(() => false, 1024 * 1024), folder);
  return commitOf(checkout);
};

const remoteHead: Call = async ([address, reference], _, run) => {
  const url = String(address);
  const name = textOf(reference);
  const git = await clientOf(run);
  const result = await git.checkout({ url, auth: authOptionsFor(url) }, { name }, { signal: AbortSignal.timeout(20_000) });
  if (result.kind !== "checkout") throw new Error(`not found: ${name}`);
  await using checkout = result.checkout;
  return checkout.absoluteRevision;
};

/** How Flux clones, against a real server. */
export const suite: Suite = ((serverOf) =>
  caseSuite({
    name: "git-clone",
    files: ["pkg/git/gogit/clone.jsonl"],
    knownFailures,
    skip: (name, testCase) => {
      const isOverSsh = name.startsWith("Test_ssh_") || JSON.stringify(testCase).includes('"StartSSH"');
      return isOverSsh && !hasProgram("ssh") ? "ssh is not installed" : undefined;
    },
    calls: {
      "helper:pkg/git/gogit.initRepo": async (_args, _on, run) => {
        const { work, url } = await serverOf(run).create();
        return new Several(work, url);
      },
      "pkg/gittestserver.NewTempGitServer": async (_args, _on, run) => {
        const { url } = await serverOf(run).start();
        return { HTTPAddress: () => url };
      },
      StartHTTP: () => undefined,
      InitRepo: ([folder, branch, name], _on, run) =>
        serverOf(run).createFrom(join(run.fixtures, String(folder)), String(branch), String(name)),
      "github.com/go-git/go-git/v5.PlainClone": ([, , options], _on, run) => serverOf(run).clone(String(held(options)["URL"])),
      Create: ([path], on) => (on as { create(path: string): WorkFile }).create(String(path)),
      Write: ([content], on) => (on as WorkFile).write(String(content)),
      Close: (_, on) => (on instanceof WorkFile ? on.close() : undefined),
      Commit: ([message], on) => (on as { repository: WorkRepository }).repository.commit(String(message)),
      Checkout: ([options], on) => {
        const { Branch, Create } = held(options);
        (on as { repository: WorkRepository }).repository.checkout(textOf(Branch), Create === true);
      },
      CreateTag: ([name, commit, options], on) => {
        const message = options === null || options === undefined ? undefined : String(held(options)["Message"]);
        return (on as WorkRepository).tag(String(name), textOf(commit), message);
      },
      // What is committed is on the server already.
      Push: () => undefined,
      SetReference: ([reference], on) => {
        const { name, id } = reference as { name: string; id: string };
        (on as WorkRepository["Storer"]).set(name, id);
      },
      "slices.Collect": ([values]) => values,
      "github.com/go-git/go-git/v5/config.RefSpec": ([text]) => text,
      "github.com/go-git/go-git/v5/plumbing.ReferenceName": ([name]) => name,
      "github.com/go-git/go-git/v5/plumbing.NewBranchReferenceName": ([name]) => `refs/heads/${String(name)}`,
      "github.com/go-git/go-git/v5/plumbing.NewTagReferenceName": ([name]) => `refs/tags/${String(name)}`,
      "github.com/go-git/go-git/v5/plumbing.NewHashReference": ([name, id]) => ({ name: textOf(name), id: textOf(id) }),
      "github.com/go-git/go-git/v5/plumbing.NewReferenceFromStrings": ([name, id]) => ({ name, id }),
      "pkg/git/gogit.filterRefs": ([list, reference]) => {
        const refs = list as readonly { name: string; id: string }[];
        const peeled = new Map(refs.filter(({ name }) => name.endsWith("^{}")).map(({ name, id }) => [name.slice(0, -3), id]));
        const plain = refs.filter(({ name }) => !name.endsWith("^{}"));
        const found = selectRef(
          plain.map((ref) => ({ ...ref, ...(peeled.has(ref.name) ? { peeled: peeled.get(ref.name) ?? "" } : {}) })),
          String(reference),
        );
        return found === undefined ? "" : formatAbsoluteRevision(String(reference), found.commit);
      },
      "pkg/git/gogit.WithDiskStorage": () => undefined,
      "pkg/git/gogit.WithInsecureCredentialsOverHTTP": () => undefined,
      "pkg/git/gogit.NewClient": ([folder, auth]): CaseClient => {
        const { Username, Password, BearerToken, Identity, KnownHosts } = held(auth);
        const fields = { username: Username, password: Password, bearerToken: BearerToken, identity: Identity, known_hosts: KnownHosts };
        const given = Object.entries(fields).filter(([, value]) => typeof value === "string" && value !== "");
        return { folder: String(folder), secret: new Map(given.map(([key, value]) => [key, String(value)])) };
      },
      "pkg/ssh.GenerateKeyPair": ([kind]) => generateKey(String(kind)),
      "golang.org/x/crypto/ssh.ParseRawPrivateKey": ([key]) => key,
      "golang.org/x/crypto/ssh.NewSignerFromKey": ([key]) => key,
      "ssh.ServerConfig.AddHostKey": ([key], on) => void ((on as { hostKey?: string }).hostKey = String(key)),
      "pkg/gittestserver.NewGitServer": (_args, _on, run) => sshServer(serverOf(run), { hostKeys: [] }),
      WithSSHConfig: ([config], on) => {
        const { hostKey, Config } = held(config) as { hostKey?: string; Config?: { KeyExchanges?: readonly string[] } };
        const keyExchanges = Config?.KeyExchanges;
        const hostKeys = hostKey === undefined ? [] : [hostKey];
        return sshServer((on as CaseSshServer).server, { hostKeys, ...(keyExchanges === undefined ? {} : { keyExchanges }) });
      },
      Auth: (_, on) => on,
      PublicKeyLookupFunc: (_, on) => on,
      KeyDir: (_, on) => on,
      StartSSH: startSsh,
      "pkg/ssh.ScanHostKey": ([host, , , isHashed], _on, run) => {
        const servers = [...run.variables.values()].flatMap((value) => (isResult(value) ? value.values : []));
        const found = servers.find((value) => (value as CaseSshServer | undefined)?.started?.url.endsWith(String(host)) === true);
        const { started } = found as CaseSshServer;
        return started === undefined ? "" : scanHostKey(started, isHashed === true);
      },
      Clone: clone,
      getRemoteHEAD: remoteHead,
      "pkg/git.IsConcreteCommit": ([commit]) => (commit as { Encoded?: string }).Encoded !== undefined,
      "pkg/git.IsAnnotatedTag": ([tag]) => ((tag as { Encoded?: string }).Encoded ?? "") !== "",
      Digest: (_, on) => commitDigest(splitRevision(textOf(on)).id),
    },
  }))(servers());
