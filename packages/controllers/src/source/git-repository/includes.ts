// SPDX-License-Identifier: Apache-2.0
import type { Artifact } from "@flux-ts/flux-api";
import { GitRepository } from "@flux-ts/flux-api";
import { Failure } from "@flux-ts/kube-runtime";
import type { FileTree, TreeEntry } from "@flux-ts/toolkit/artifact";
import { insideRoot } from "./inside-root.ts";
import type { GitRepositoryContext } from "./context.ts";

/** One entry of `spec.include`, with the artifact that it means now. */
export interface Include {
  readonly name: string;
  /** As in the spec. */
  readonly fromPath: string;
  readonly toPath: string;
  readonly artifact: Artifact;
}

/** The artifacts to include. @throws {Failure} NotFound or NoArtifact: it waits */
export function findIncludes({ metadata, spec }: GitRepository, ctx: GitRepositoryContext): Include[] {
  const waits = { retry: { afterMs: ctx.options.requeueDependencyMs }, severity: "info" } as const;
  return (spec.include ?? []).map(({ repository: { name }, fromPath = "", toPath }) => {
    const included = ctx.cached<GitRepository>(GitRepository, metadata.namespace ?? "", name);
    if (included === undefined) {
      const message = `could not get resource for include '${name}': GitRepository.source.toolkit.fluxcd.io "${name}" not found`;
      throw new Failure("NotFound", message, waits);
    }
    const artifact = included.status?.artifact;
    if (artifact === undefined) throw new Failure("NoArtifact", `no artifact available for include '${name}'`, waits);
    return { name, fromPath, toPath: toPath || name, artifact };
  });
}

/** What stands at a path already. */
export type Standing = (path: string) => "file" | "folder" | undefined;

/**
 * The files of an included artifact where they are to stand. Like a rename: nothing may stand there yet but an empty folder.
 *
 * @throws {Error} with upstream's text
 */
export function placeInclude({ name, fromPath, toPath }: Include, tree: FileTree, standing: Standing): TreeEntry[] {
  const refuse = (why: string): Error => new Error(`failed to copy '${name}' include from ${fromPath} to ${toPath}: ${why}`);
  const from = insideRoot(fromPath);
  const to = insideRoot(toPath);
  if (to === "" || standing(to) !== undefined) throw refuse(`rename ${from || "."} ${to || "."}: file exists`);
  for (let slash = to.lastIndexOf("/"); slash > 0; slash = to.lastIndexOf("/", slash - 1)) {
    if (standing(to.slice(0, slash)) === "file") throw refuse(`mkdir ${to.slice(0, slash)}: not a directory`);
  }
  const file = tree.files.get(from);
  if (file !== undefined) return [{ path: to, content: file, executable: tree.executables.has(from) }];
  if (from !== "" && !tree.folders.has(from)) throw refuse(`rename ${from} ${to}: no such file or directory`);
  const begin = from === "" ? "" : `${from}/`;
  const moved = (path: string): string => `${to}/${path.slice(begin.length)}`;
  const folders = [...tree.folders].filter((path) => path.startsWith(begin)).map((path): TreeEntry => ({ path: moved(path) }));
  const files = [...tree.files].filter(([path]) => path.startsWith(begin));
  return [
    { path: to },
    ...folders,
    ...files.map(([path, content]) => ({ path: moved(path), content, executable: tree.executables.has(path) })),
  ];
}
