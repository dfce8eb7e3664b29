// SPDX-License-Identifier: Apache-2.0
import { compareVersions } from "../semver/version.ts";
import { parseConstraint } from "../semver/constraint.ts";
import { selectVersions } from "../semver/select-versions.ts";
import type { RemoteRef } from "./advertisement.ts";
import { GitError } from "./git-error.ts";

/** `spec.ref` of a GitRepository. Of several fields the first counts: commit, name, tag, semver, branch (G-REF-1). */
export interface GitRef {
  readonly branch?: string;
  readonly tag?: string;
  readonly semver?: string;
  readonly name?: string;
  readonly commit?: string;
}

/** What is asked for, once it is clear which field counts. */
export type Target =
  | { readonly kind: "commit"; readonly commit: string; readonly branch?: string }
  | { readonly kind: "name"; readonly reference: string }
  | { readonly kind: "tag"; readonly reference: string }
  | { readonly kind: "semver"; readonly range: string }
  | { readonly kind: "branch"; readonly reference: string };

/** The branch when nothing is said. */
const defaultBranch = "master";

export function targetOf(ref: GitRef = {}): Target {
  if (ref.commit) return { kind: "commit", commit: ref.commit, ...(ref.branch ? { branch: ref.branch } : {}) };
  if (ref.name) return { kind: "name", reference: ref.name };
  if (ref.tag) return { kind: "tag", reference: `refs/tags/${ref.tag}` };
  if (ref.semver) return { kind: "semver", range: ref.semver };
  return { kind: "branch", reference: `refs/heads/${ref.branch || defaultBranch}` };
}

/** What to ask the server for: enough to see the target, and whether there is anything at all. */
export function prefixesFor(target: Target): string[] {
  switch (target.kind) {
    case "commit":
      return target.branch === undefined ? ["refs/heads/"] : [`refs/heads/${target.branch}`];
    case "semver":
      return ["refs/tags/"];
    case "name":
      return [withoutPeel(target.reference)];
    case "tag":
    case "branch":
      return [target.reference];
  }
}

/** A tag or branch that a commit was chosen by. */
export interface SelectedRef {
  /** As it stands on the server. */
  readonly name: string;
  /** The commit: of an annotated tag, what it points to. */
  readonly commit: string;
  /** The tag object, when annotated. */
  readonly tagObject?: string;
}

/** Finds one reference by its full name, or `HEAD`. A name that git would not accept is never found. */
export function selectRef(refs: readonly RemoteRef[], reference: string): SelectedRef | undefined {
  const name = withoutPeel(reference);
  if (name !== "HEAD" && !isValidRefName(name)) return undefined;
  const found = refs.find((ref) => ref.name === name);
  return found === undefined ? undefined : selected(found);
}

/**
 * The tags of the highest version in a range. More than one when versions are equal (build metadata, with and without `v`):
 * then the newest commit counts, which only the commits tell.
 *
 * @throws {GitError} SEMVER `semver parse error: …`, `no match found for semver: …`
 */
export function selectByRange(refs: readonly RemoteRef[], range: string): readonly SelectedRef[] {
  const constraint = readRange(range);
  const tags = refs.filter((ref) => ref.name.startsWith("refs/tags/") && isValidRefName(ref.name));
  const byName = new Map(tags.map((ref) => [ref.name.slice("refs/tags/".length), ref]));
  const versions = selectVersions([...byName.keys()], constraint);
  const [best] = versions;
  if (best === undefined) throw new GitError("SEMVER", `no match found for semver: ${range}`);
  return versions.filter((version) => compareVersions(version, best) === 0).flatMap(({ original }) => selectedOf(byName.get(original)));
}

/** Reads a range early, before anything is asked of a server. @throws {GitError} SEMVER */
export function readRange(range: string): ReturnType<typeof parseConstraint> {
  try {
    return parseConstraint(range);
  } catch (error) {
    throw new GitError("SEMVER", `semver parse error: ${(error as Error).message}`, { cause: error });
  }
}

/** Whether a full reference name is one that git accepts. @see git-check-ref-format(1) */
export function isValidRefName(name: string): boolean {
  if (!/^refs\/[^/]/.test(name) || name.length > 1024) return false;
  if (/[\s~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$/.test(name)) return false;
  if (Array.from(name).some((char) => char.charCodeAt(0) < 0x20 || char.charCodeAt(0) === 0x7f)) return false;
  return name.split("/").every((part) => !part.startsWith(".") && !part.endsWith(".lock"));
}

/** `refs/tags/x^{}` asks for the same commit as `refs/tags/x`. */
export function withoutPeel(reference: string): string {
  return reference.endsWith("^{}") ? reference.slice(0, -3) : reference;
}

function selectedOf(ref: RemoteRef | undefined): SelectedRef[] {
  return ref === undefined ? [] : [selected(ref)];
}

function selected({ name, id, peeled }: RemoteRef): SelectedRef {
  return peeled === undefined ? { name, commit: id } : { name, commit: peeled, tagObject: id };
}
