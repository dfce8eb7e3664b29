// SPDX-License-Identifier: Apache-2.0
import type { HttpClient, HttpRequest, HttpResponse } from "../http/http-client.ts";
import { describeRequest, discard, readBody } from "../http/http-client.ts";
import { HttpError } from "../http/http-error.ts";
import type { RemoteRef } from "./advertisement.ts";
import { lsRefsRequest, parseAdvertisement, parseLsRefs, parseLsRemote } from "./advertisement.ts";
import { GitError } from "./git-error.ts";
import type { EnvironmentOptions } from "./git-environment.ts";
import { remoteEnvironment } from "./git-environment.ts";
import { runGit } from "./git-process.ts";
import type { GitRemote } from "./remote.ts";
import { authorizationOf, checkRemote, remoteKey } from "./remote.ts";
import { explainGitFailure } from "./explain.ts";

export interface RefListing {
  readonly refs: readonly RemoteRef[];
  /** `sha1` or `sha256`. */
  readonly objectFormat: string;
  /** The remote to fetch from: after redirects, which git itself does not follow. */
  readonly remote: GitRemote;
}

const maxBytes = 64 * 1024 * 1024;

/** Where servers that speak version 2 were found, by remote: they can be asked for references at once. */
export interface KnownServers {
  get(key: string): Pick<RefListing, "remote" | "objectFormat"> | undefined;
  set(key: string, server: Pick<RefListing, "remote" | "objectFormat">): unknown;
  delete(key: string): unknown;
}

const suffix = "/info/refs?service=git-upload-pack";

/**
 * The references of a remote that begin with one of the prefixes (older servers send all), over smart HTTP without any process.
 * A server that is known to speak version 2 is asked once; whatever it answers but references, it is asked anew from the beginning.
 * A redirect of the first request is followed; credentials stay with the origin they are for.
 *
 * @throws {GitError} with go-git's texts
 */
export async function listRefsOverHttp(
  remote: GitRemote,
  prefixes: readonly string[],
  http: HttpClient,
  known: KnownServers,
  signal: AbortSignal,
): Promise<RefListing> {
  const url = checkRemote(remote);
  url.search = "";
  url.hash = "";
  url.pathname = url.pathname.replace(/\/+$/, "");
  const key = remoteKey(remote);
  const server = known.get(key);
  if (server !== undefined) {
    const refs = await askKnown(server, prefixes, http, signal);
    if (refs !== undefined) return { ...server, refs };
    known.delete(key);
  }
  const first = await ask(http, {
    url: url.href + suffix,
    headers: { accept: "*/*", "git-protocol": "version=2", ...authorizationHeader(remote) },
    maxRedirects: 10,
    signal,
  });
  if (!first.response.url.endsWith(suffix)) throw new GitError("UNREACHABLE", "unexpected redirect: it does not end at info/refs");
  const moved = movedTo(remote, url, first.response.url.slice(0, -suffix.length));
  if (!(first.response.headers["content-type"] ?? "").startsWith("application/x-git-upload-pack-advertisement")) {
    throw new GitError("UNREACHABLE", "the server does not speak git's smart protocol over HTTP");
  }
  const advertisement = parseAdvertisement(first.body);
  const { objectFormat } = advertisement;
  if (advertisement.version !== 2) return { refs: advertisement.refs, objectFormat, remote: moved };
  const second = await ask(http, lsRefs(moved, objectFormat, prefixes, signal));
  const listing = { refs: parseLsRefs(second.body), objectFormat, remote: moved };
  known.set(key, { objectFormat, remote: moved });
  return listing;
}

/** Undefined: it did not answer with references. Only that the time is up is told, as a failure of the request that upstream makes. */
async function askKnown(
  { remote, objectFormat }: Pick<RefListing, "remote" | "objectFormat">,
  prefixes: readonly string[],
  http: HttpClient,
  signal: AbortSignal,
): Promise<readonly RemoteRef[] | undefined> {
  try {
    const response = await http.request(lsRefs(remote, objectFormat, prefixes, signal));
    const isAnswer = response.status === 200 && response.headers["content-type"] === "application/x-git-upload-pack-result";
    if (isAnswer) return parseLsRefs(await readBody(response, maxBytes));
    await discard(response);
    return undefined;
  } catch (error) {
    if (!signal.aborted) return undefined;
    throw signal.reason instanceof GitError ? signal.reason.within(describeRequest({ url: remote.url + suffix })) : error;
  }
}

function lsRefs(remote: GitRemote, objectFormat: string, prefixes: readonly string[], signal: AbortSignal): HttpRequest {
  return {
    method: "POST",
    url: `${remote.url}/git-upload-pack`,
    headers: {
      "content-type": "application/x-git-upload-pack-request",
      accept: "application/x-git-upload-pack-result",
      "git-protocol": "version=2",
      ...authorizationHeader(remote),
    },
    body: lsRefsRequest(prefixes, objectFormat),
    signal,
  };
}

/** The same over SSH, by one `git ls-remote`. `gitDir` is any bare repository. */
export async function listRefsOverSsh(
  remote: GitRemote,
  prefixes: readonly string[],
  gitDir: string,
  environment: EnvironmentOptions,
  signal: AbortSignal,
): Promise<RefListing> {
  const url = checkRemote(remote);
  await using remoteEnv = await remoteEnvironment(remote, environment);
  const patterns = prefixes.map((prefix) => (prefix.endsWith("/") ? `${prefix}*` : prefix));
  try {
    const output = await runGit(
      gitDir,
      ["ls-remote", "--quiet", "--end-of-options", url.href, ...patterns, ...patterns.map((pattern) => `${pattern}^{}`)],
      {
        env: remoteEnv.env,
        signal,
        maxOutputBytes: maxBytes,
      },
    );
    const refs = parseLsRemote(output.toString("utf8"));
    return { refs, objectFormat: refs[0]?.id.length === 64 ? "sha256" : "sha1", remote };
  } catch (error) {
    throw explainGitFailure(error);
  }
}

function authorizationHeader(remote: GitRemote): Record<string, string> {
  const authorization = authorizationOf(remote.auth);
  return authorization === undefined ? {} : { authorization };
}

/** Credentials do not move to another origin, unless it is the same host once encrypted. */
function movedTo(remote: GitRemote, from: URL, base: string): GitRemote {
  const to = new URL(base);
  if (base === from.href) return { ...remote, url: base };
  const isUpgrade =
    from.protocol === "http:" && to.protocol === "https:" && from.hostname === to.hostname && from.port === "" && to.port === "";
  if (from.origin === to.origin || isUpgrade) return { ...remote, url: base };
  const transport = to.protocol === "https:" ? "https" : "http";
  const ca = remote.auth.transport !== "ssh" && remote.auth.ca !== undefined ? { ca: remote.auth.ca } : {};
  return { ...remote, url: base, auth: { transport, ...ca } };
}

async function ask(
  http: HttpClient,
  request: Parameters<HttpClient["request"]>[0],
): Promise<{ readonly response: HttpResponse; readonly body: Buffer }> {
  try {
    const response = await http.request(request);
    if (response.status < 200 || response.status > 299) throw await refusal(response, request.url);
    return { response, body: await readBody(response, maxBytes) };
  } catch (error) {
    const { signal } = request;
    // The reason of an abort is somebody else's; that the time is up is told with the request that it was up in.
    if (signal?.aborted === true && signal.reason instanceof GitError) throw signal.reason.within(describeRequest(request));
    if (error instanceof HttpError)
      throw new GitError(error.code === "TOO_LARGE" ? "TOO_LARGE" : "UNREACHABLE", error.message, { cause: error });
    throw error;
  }
}

/** @see go-git plumbing/transport/http NewErr */
async function refusal(response: HttpResponse, url: string): Promise<GitError> {
  const text = await readBody(response, 64 * 1024).then(
    (body) => body.toString("utf8").slice(0, 1024).trim(),
    () => "",
  );
  switch (response.status) {
    case 401:
      return new GitError("AUTHENTICATION_REQUIRED", `authentication required: ${text}`);
    case 403:
      return new GitError("AUTHORIZATION_FAILED", `authorization failed: ${text}`);
    case 404:
      return new GitError("REPOSITORY_NOT_FOUND", `repository not found: ${text}`);
    default: {
      const why = text === "" ? "" : `: ${text}`;
      return new GitError("UNREACHABLE", `unexpected client error: unexpected requesting "${url}" status code: ${response.status}${why}`);
    }
  }
}
