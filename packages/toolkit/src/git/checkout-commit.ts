// SPDX-License-Identifier: Apache-2.0
import type { CheckoutEntry, ExtraFile } from "./checkout.ts";
import { Checkout } from "./checkout.ts";
import type { GitCommit } from "./commit.ts";
import { parseCommit } from "./commit.ts";
import { checkUnmoved, fetchHistory, fetchReference } from "./fetch-reference.ts";
import { localEnvironment } from "./git-environment.ts";
import { GitError } from "./git-error.ts";
import { Held } from "./held.ts";
import { runGit } from "./git-process.ts";
import type { Submodule } from "./gitmodules.ts";
import { parseGitmodules, submoduleUrl } from "./gitmodules.ts";
import type { RefListing } from "./list-refs.ts";
import type { Mirror } from "./mirrors.ts";
import { ObjectReader } from "./object-reader.ts";
import type { GitRemote } from "./remote.ts";
import type { FoundCommit } from "./resolve-target.ts";
import type { CheckoutOptions, GitSession } from "./session.ts";
import { listTree } from "./tree-listing.ts";

/** How deep submodules may lie in each other, and how many there may be. */
const maxSubmoduleDepth = 10;
const maxSubmodules = 100;

/** What one checkout gathers over all its repositories. */
interface Gathering {
  readonly session: GitSession;
  readonly options: CheckoutOptions;
  readonly held: Held;
  readonly entries: CheckoutEntry[];
  readonly extraFiles: ExtraFile[];
  submodules: number;
}

/** Fetches a commit and lists its paths. @param address the URL as the user wrote it, for messages */
export async function checkoutCommit(
  session: GitSession,
  listing: RefListing,
  found: FoundCommit,
  address: string,
  options: CheckoutOptions,
): Promise<Checkout> {
  await using held = new Held();
  const gathering: Gathering = { session, options, held, entries: [], extraFiles: [], submodules: 0 };
  const fetched = await fetchCommit(gathering, listing, found, address);
  await listCommit(gathering, fetched, listing.remote, "", 0);
  const tagObject = found.tagObject === undefined ? undefined : await fetched.reader.find(found.tagObject);
  const kept = held.move();
  return new Checkout({
    commit: fetched.commit,
    ...(tagObject === undefined ? {} : { tagObject: tagObject.content }),
    reference: found.reference,
    entries: gathering.entries,
    extraFiles: gathering.extraFiles,
    dispose: () => kept[Symbol.asyncDispose](),
  });
}

interface FetchedCommit {
  readonly commit: GitCommit;
  readonly reader: ObjectReader;
}

async function fetchCommit(
  { session, options, held }: Gathering,
  listing: RefListing,
  found: FoundCommit,
  address: string,
): Promise<FetchedCommit> {
  const { signal } = options;
  let mirror: Mirror;
  try {
    mirror =
      "reference" in found.fetch
        ? await fetchReference(session, listing, found.fetch.reference, found.tagObject ?? found.commit, signal)
        : await fetchHistory(session, listing, found.fetch.history, signal);
  } catch (error) {
    throw error instanceof GitError ? error.within(`unable to clone '${address}'`) : error;
  }
  held.use(mirror);
  const env = localEnvironment(session.environment);
  const reader = held.use(new ObjectReader(mirror.folder, { env, signal, maxObjectBytes: session.maxObjectBytes }));
  const object = /^[0-9a-f]+$/.test(found.commit) ? await reader.find(found.commit) : undefined;
  const isThere = object?.type === "commit" && object.id === found.commit && (await isInHistory(mirror, found, env, signal));
  if (object === undefined && "reference" in found.fetch)
    await checkUnmoved(mirror, found.fetch.reference, found.tagObject ?? found.commit).catch((error: unknown) => {
      throw error instanceof GitError ? error.within(`unable to clone '${address}'`) : error;
    });
  if (object === undefined || !isThere)
    throw new GitError("COMMIT_NOT_FOUND", `unable to resolve commit object for '${found.commit}': object not found`);
  return { commit: parseCommit(object), reader };
}

/** A kept mirror may still hold what a force push took out of a branch. */
async function isInHistory(
  mirror: Mirror,
  { commit, fetch }: FoundCommit,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  if (!("history" in fetch) || fetch.history.endsWith("*")) return true;
  const tip = await mirror.fetched(fetch.history);
  if (tip === undefined) return true;
  return runGit(mirror.folder, ["merge-base", "--is-ancestor", commit, tip], { env, signal, maxOutputBytes: 1024 }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof GitError && error.code === "GIT_FAILED") return false;
      throw error;
    },
  );
}

async function listCommit(
  gathering: Gathering,
  { commit, reader }: FetchedCommit,
  remote: GitRemote,
  prefix: string,
  depth: number,
): Promise<void> {
  const { options, entries } = gathering;
  const listed = await listTree(reader, commit.tree, (folder) => isFolderWanted(options.sparse, prefix + folder));
  const paths = listed.map((entry): CheckoutEntry => ({ ...entry, path: prefix + entry.path, reader }));
  const submodules = paths.filter(({ kind }) => kind === "submodule");
  entries.push(...onlySparse(paths, options.sparse));
  if (options.recurseSubmodules !== true || submodules.length === 0) return;
  const gitmodules = listed.find(({ path, kind }) => path === ".gitmodules" && (kind === "file" || kind === "executable"));
  const known =
    gitmodules === undefined
      ? new Map<string, Submodule>()
      : parseGitmodules((await reader.read(gitmodules.id, "blob")).content.toString("utf8"));
  for (const { path, id } of submodules) {
    const submodule = known.get(path.slice(prefix.length));
    if (submodule === undefined || !isFolderWanted(options.sparse, path)) continue;
    await listSubmodule(gathering, { path, commit: id, url: submoduleUrl(remote.url, submodule) }, remote, depth + 1);
  }
}

async function listSubmodule(
  gathering: Gathering,
  { path, commit, url }: { readonly path: string; readonly commit: string; readonly url: string },
  parent: GitRemote,
  depth: number,
): Promise<void> {
  gathering.submodules++;
  if (depth > maxSubmoduleDepth || gathering.submodules > maxSubmodules) {
    throw new GitError(
      "SUBMODULE",
      `cannot fetch submodule '${path}': more than ${maxSubmodules}, or nested deeper than ${maxSubmoduleDepth}`,
    );
  }
  const remote = submoduleRemote(parent, url);
  try {
    const listing = await gathering.session.listRefs(remote, ["refs/heads/"], gathering.options.signal);
    const tip = listing.refs.find(({ id }) => id === commit);
    const fetch = tip === undefined ? { history: "refs/heads/*" } : { reference: tip.name };
    const fetched = await fetchCommit(gathering, listing, { kind: "found", commit, reference: "", fetch }, url);
    await listCommit(gathering, fetched, listing.remote, `${path}/`, depth);
  } catch (error) {
    throw error instanceof GitError && error.code !== "SUBMODULE" ? error.within(`cannot fetch submodule '${path}'`) : error;
  }
  const up = "../".repeat(path.split("/").length);
  gathering.extraFiles.push({ path: `${path}/.git`, content: Buffer.from(`gitdir: ${up}.git/modules/${path}\n`) });
}

/** Credentials are for the server they were given for: a submodule elsewhere is asked for without them. */
function submoduleRemote(parent: GitRemote, url: string): GitRemote {
  const to = new URL(url);
  const from = new URL(parent.url);
  const isSameServer = to.protocol === from.protocol && to.host === from.host;
  if (isSameServer) return { ...parent, url };
  const { auth, proxy } = parent;
  if (to.protocol === "ssh:") {
    if (auth.transport === "ssh") return { url, auth: { ...auth, host: to.host, username: decodeURIComponent(to.username) || "git" } };
    throw new GitError("SUBMODULE", `cannot fetch from ${to.protocol}//${to.host}: there is no SSH identity for it`);
  }
  const transport = to.protocol === "https:" ? "https" : "http";
  const ca = auth.transport !== "ssh" && auth.ca !== undefined ? { ca: auth.ca } : {};
  return { url, auth: { transport, ...ca }, ...(proxy === undefined ? {} : { proxy }) };
}

function isFolderWanted(sparse: readonly string[] | undefined, folder: string): boolean {
  return sparse === undefined || sparse.some((begin) => begin.startsWith(`${folder}/`) || `${folder}/`.startsWith(begin));
}

/** Files whose path begins with one of the texts, and the folders they lie in. @see go-git index SkipUnless */
function onlySparse(entries: readonly CheckoutEntry[], sparse: readonly string[] | undefined): readonly CheckoutEntry[] {
  if (sparse === undefined) return entries;
  const kept = new Set(entries.filter(({ path, kind }) => kind !== "folder" && sparse.some((begin) => path.startsWith(begin))));
  const folders = new Set<string>();
  for (const { path } of kept) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) folders.add(path.slice(0, slash));
  }
  return entries.filter((entry) => (entry.kind === "folder" ? folders.has(entry.path) : kept.has(entry)));
}
