// SPDX-License-Identifier: Apache-2.0

/** `sha1:<id>`; ids of 64 characters are sha256. Of an empty id, nothing. */
export function commitDigest(id: string): string {
  if (id === "") return "";
  return `${id.length === 40 ? "sha1" : id.length === 64 ? "sha256" : "<unknown>"}:${id}`;
}

/**
 * The revision of a checkout: `main@sha1:<id>` of `refs/heads/main`, `sha1:<id>` without a reference.
 *
 * @see fluxcd/pkg git Commit.String
 */
export function formatRevision(reference: string, id: string): string {
  const short = shortReference(reference);
  return short === undefined ? commitDigest(id) : `${short}@${commitDigest(id)}`;
}

/** The revision with the whole reference: `refs/heads/main@sha1:<id>`. @see fluxcd/pkg git Commit.AbsoluteReference */
export function formatAbsoluteRevision(reference: string, id: string): string {
  return reference === "" ? commitDigest(id) : `${reference}@${commitDigest(id)}`;
}

/** What follows the second slash: `refs/heads/a/b` → `a/b`; undefined when there are fewer. */
export function shortReference(reference: string): string | undefined {
  return /^[^/]*\/[^/]*\/(.*)$/s.exec(reference)?.[1];
}

/** A revision in its parts. Also reads the form before Flux 2.0: `main/<id>`, `HEAD/<id>`, `<id>`. `pointer` may be empty. */
export function splitRevision(revision: string): { readonly pointer: string; readonly id: string } {
  return { pointer: pointerOf(revision), id: idOf(revision) };
}

/** A revision of before Flux 2.0 in today's form; others as they are. @see fluxcd/pkg git TransformRevision */
export function modernRevision(revision: string): string {
  if (revision === "" || revision.includes(":")) return revision;
  const { pointer, id } = splitRevision(revision);
  return pointer === "" ? commitDigest(id) : `${pointer}@${commitDigest(id)}`;
}

function pointerOf(revision: string): string {
  const at = revision.lastIndexOf("@");
  if (at >= 0) return revision.slice(0, at);
  const slash = revision.lastIndexOf("/");
  const pointer = slash < 0 ? "" : revision.slice(0, slash);
  return pointer === "HEAD" ? "" : pointer;
}

function idOf(revision: string): string {
  const separator = Math.max(revision.lastIndexOf(":"), revision.includes(":") ? -1 : revision.lastIndexOf("/"));
  return revision.slice(separator + 1);
}
