// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "@flux-ts/testbed";
import { writeFolder } from "../src/artifact/index.ts";
import type { Checkout, GitClient, GitRef } from "../src/git/index.ts";
import { authOptionsFor, commitDigest, createGitClient, formatAbsoluteRevision, selectRef, splitRevision } from "../src/git/index.ts";
import { knownFailures } from "./git-clone.known-failures.ts";
import type { WorkRepository } from "./git-repositories.ts";
import { CaseServer, hash, textOf, WorkFile } from "./git-repositories.ts";
import type { Call, Run } from "@flux-ts/testbed/call-cases";
import { Several, caseSuite } from "@flux-ts/testbed/call-cases";
import { Holder } from "@flux-ts/testbed/call-expressions";

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
  const git = await createGitClient({ folder, path: process.env["PATH"] ?? "" });
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
        const { Username, Password, BearerToken } = held(auth);
        const fields = { username: Username, password: Password, bearerToken: BearerToken };
        const given = Object.entries(fields).filter(([, value]) => typeof value === "string" && value !== "");
        return { folder: String(folder), secret: new Map(given.map(([key, value]) => [key, String(value)])) };
      },
      Clone: clone,
      getRemoteHEAD: remoteHead,
      "pkg/git.IsConcreteCommit": ([commit]) => (commit as { Encoded?: string }).Encoded !== undefined,
      "pkg/git.IsAnnotatedTag": ([tag]) => ((tag as { Encoded?: string }).Encoded ?? "") !== "",
      Digest: (_, on) => commitDigest(splitRevision(textOf(on)).id),
    },
  }))(servers());
