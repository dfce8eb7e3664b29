// SPDX-License-Identifier: Apache-2.0

/** A path cleaned so that it stays below the root: `..` never leads out of it. The root itself is empty. @see filepath-securejoin */
export function insideRoot(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
