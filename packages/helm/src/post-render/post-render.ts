// SPDX-License-Identifier: Apache-2.0
import { HelmError, messageOf } from "../helm-error.ts";
import { sortManifests } from "../manifests/sort-manifests.ts";
import { mergeFiles, splitStream } from "./manifest-stream.ts";

/** Changes manifests before they are used: a stream of YAML documents in, and one out. @throws {Error} */
export type PostRenderer = (stream: string) => string;

/**
 * What a post-renderer is given: everything at once (Helm 4's way), hooks and other documents apart, or other documents
 * only (Helm 3's way).
 */
export type PostRenderStrategy = "combined" | "separate" | "nohooks";

/**
 * Hands rendered files to a post-renderer, and takes back what it makes of them.
 *
 * @param files rendered text by template, without notes
 * @throws {HelmError} POST_RENDER, MANIFEST
 * @see helm.sh/helm/v4 pkg/action Configuration.renderResources
 */
export function postRender(files: ReadonlyMap<string, string>, run: PostRenderer, strategy: PostRenderStrategy): Map<string, string> {
  if (strategy === "combined") return runOnce(files, run, { merging: "manifests", running: "files", group: "" });
  const sorted = sortManifests(files);
  const hooks = byPath(sorted.hooks);
  const manifests = byPath(sorted.manifests);
  const one = (group: string, some: ReadonlyMap<string, string>): Map<string, string> =>
    some.size === 0 ? new Map() : runOnce(some, run, { merging: group, running: group, group });
  const out = new Map(strategy === "separate" ? one("hooks", hooks) : hooks);
  for (const [path, text] of one("manifests", manifests)) addTo(out, path, text);
  return out;
}

interface Names {
  readonly merging: string;
  readonly running: string;
  readonly group: string;
}

function runOnce(files: ReadonlyMap<string, string>, run: PostRenderer, { merging, running, group }: Names): Map<string, string> {
  const stream = wrapped(`error merging ${merging}`, () => mergeFiles(files));
  const answer = wrapped(`error while running post render on ${running}`, () => run(stream));
  return wrapped(`error while parsing post rendered output${group === "" ? "" : ` for ${group}`}`, () => splitStream(answer, group));
}

function wrapped<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new HelmError("POST_RENDER", `${what}: ${messageOf(error)}`, { cause: error });
  }
}

function byPath(documents: readonly { readonly path: string; readonly content: string }[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const { path, content } of documents) addTo(files, path, content);
  return files;
}

function addTo(files: Map<string, string>, path: string, text: string): void {
  const before = files.get(path);
  files.set(path, before === undefined ? text : `${before}\n---\n${text}`);
}
