// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";
import type { GitObject } from "./object-reader.ts";

export interface GitSignature {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970. */
  readonly date: number;
}

export interface GitCommit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitSignature;
  readonly committer: GitSignature;
  readonly message: string;
  /** The armoured signature, PGP or SSH; empty when unsigned. */
  readonly signature: string;
  /** The object as it is stored. */
  readonly raw: Buffer;
}

/** Reads a commit object. @throws {GitError} INVALID_TREE when it is malformed, or names its tree or author twice */
export function parseCommit({ id, content }: GitObject): GitCommit {
  const text = content.toString("utf8");
  const end = text.indexOf("\n\n");
  const headers = readHeaders(end < 0 ? text : text.slice(0, end));
  const one = (name: string): string => {
    const values = headers.filter(([key]) => key === name);
    const [value] = values;
    if (value === undefined || values.length > 1) throw new GitError("INVALID_TREE", `commit ${id} has ${values.length} "${name}" headers`);
    return value[1];
  };
  return {
    id,
    tree: one("tree"),
    parents: headers.filter(([key]) => key === "parent").map(([, value]) => value),
    author: parseSignature(one("author")),
    committer: parseSignature(one("committer")),
    message: end < 0 ? "" : text.slice(end + 2),
    signature: headers.find(([key]) => key === "gpgsig" || key === "gpgsig-sha256")?.[1] ?? "",
    raw: content,
  };
}

/** The first 50 characters of the first line. @see fluxcd/pkg git Commit.ShortMessage */
export function shortMessage(message: string): string {
  const characters = Array.from(message.split("\n", 1)[0] ?? "");
  return characters.length > 50 ? `${characters.slice(0, 50).join("")}...` : characters.join("");
}

/** `name value`, continued by lines that begin with a space. */
function readHeaders(text: string): [string, string][] {
  const headers: [string, string][] = [];
  for (const line of text.split("\n")) {
    const last = headers.at(-1);
    if (line.startsWith(" ") && last !== undefined) last[1] += `\n${line.slice(1)}`;
    else {
      const space = line.indexOf(" ");
      headers.push([line.slice(0, space), line.slice(space + 1)]);
    }
  }
  return headers;
}

/** `Name <mail> 1767225600 +0000` */
function parseSignature(text: string): GitSignature {
  const open = text.lastIndexOf("<");
  const close = text.lastIndexOf(">");
  const date = Number.parseInt(text.slice(close + 1), 10);
  return { name: text.slice(0, Math.max(0, open)).trim(), email: text.slice(open + 1, close), date: Number.isFinite(date) ? date : 0 };
}
