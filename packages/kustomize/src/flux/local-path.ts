// SPDX-License-Identifier: Apache-2.0

const remotePrefixes = ["git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/"];

/** Whether a path is of a file beside the kustomization: no address, not absolute. @see fluxcd/pkg kustomize, IsLocalRelativePath */
export function isLocalRelativePath(path: string): boolean {
  const lower = path.toLowerCase();
  if (remotePrefixes.some((prefix) => prefix.length < path.length && lower.startsWith(prefix))) return false;
  return !path.startsWith("/") && !lower.replace(/^file:\/\//, "").startsWith("/");
}
