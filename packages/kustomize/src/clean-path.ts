// SPDX-License-Identifier: Apache-2.0

/** Joins and cleans: `.`, `..`, doubled and trailing slashes disappear. A result of nothing is `.`. @see Go's path.Join */
export function joinPath(...parts: readonly string[]): string {
  return cleanPath(parts.filter((part) => part !== "").join("/"));
}

/** @see Go's path.Clean */
export function cleanPath(path: string): string {
  const isAbsolute = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (!isAbsolute) out.push("..");
  }
  const text = out.join("/");
  return isAbsolute ? `/${text}` : text === "" ? "." : text;
}

/** The folder of a path: `/a/b` → `/a`, `/a` → `/`. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? (slash === 0 ? "/" : ".") : path.slice(0, slash);
}

/** The last part of a path. */
export function baseName(path: string): string {
  const trimmed = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** Whether a path is the folder itself or below it. Both are clean and absolute. */
export function isBelow(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}
