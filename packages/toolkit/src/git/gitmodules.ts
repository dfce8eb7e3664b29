// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";

export interface Submodule {
  readonly path: string;
  readonly url: string;
}

/** The submodules that a `.gitmodules` names, by path. Sections without path or URL are none. */
export function parseGitmodules(text: string): ReadonlyMap<string, Submodule> {
  const sections: Map<string, string>[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (/^\[\s*submodule\s+"/i.test(line)) sections.push(new Map());
    else if (line.startsWith("[")) sections.push(new Map());
    const match = /^([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*)$/.exec(line);
    if (match !== null) sections.at(-1)?.set((match[1] ?? "").toLowerCase(), unquote(match[2] ?? ""));
  }
  const submodules = new Map<string, Submodule>();
  for (const section of sections) {
    const path = section.get("path")?.replace(/\/+$/, "");
    const url = section.get("url");
    if (path !== undefined && url !== undefined) submodules.set(path, { path, url });
  }
  return submodules;
}

/**
 * Where a submodule is fetched from. Relative addresses (`../other.git`) are relative to the parent's; `git@host:path` is SSH.
 * Nothing but http, https and ssh is followed, so that a repository cannot reach a local file or run a program.
 *
 * @throws {GitError} SUBMODULE
 */
export function submoduleUrl(parent: string, { path, url }: Submodule): string {
  const refuse = (why: string): GitError => new GitError("SUBMODULE", `cannot fetch submodule '${path}': ${why}`);
  if (url.startsWith("./") || url.startsWith("../")) {
    const base = new URL(parent);
    const parts = base.pathname.replace(/\/+$/, "").split("/");
    for (const part of url.split("/")) {
      if (part === "..") {
        if (parts.length <= 1) throw refuse("its relative URL leaves the server");
        parts.pop();
      } else if (part !== "." && part !== "") parts.push(part);
    }
    base.pathname = parts.join("/");
    return base.href;
  }
  const scp = /^(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9][A-Za-z0-9.-]*):(?!:|\/\/)([^\0\n]+)$/.exec(url);
  if (scp !== null) return `ssh://${scp[1] === undefined ? "" : `${scp[1]}@`}${scp[2] ?? ""}/${(scp[3] ?? "").replace(/^\/+/, "")}`;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme !== "http" && scheme !== "https" && scheme !== "ssh") throw refuse("its URL is neither http, https nor ssh");
  if (!URL.canParse(url)) throw refuse("its URL is invalid");
  return url;
}

function unquote(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, "$1");
  return value.replace(/\s+[#;].*$/, "").trim();
}
