// SPDX-License-Identifier: Apache-2.0

/** The shortest path that means the same, as Go's path.Clean: without `.`, `..` within, and doubled slashes. */
export function cleanPath(path: string): string {
  const isRooted = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (!isRooted) out.push("..");
  }
  if (isRooted) return `/${out.join("/")}`;
  return out.length === 0 ? "." : out.join("/");
}
