// SPDX-License-Identifier: Apache-2.0

const REPOSITORY_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789_-./";

/**
 * What is wrong with the name of an image repository, in the words of go-containerregistry; undefined when nothing is.
 * @see google/go-containerregistry pkg/name NewRepository
 */
export function repositoryProblem(name: string): string | undefined {
  if (name === "") return "a repository name must be specified";
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasRegistry = first.includes(".") || first.includes(":") || first === "localhost";
  const repository = hasRegistry ? name.slice(slash + 1) : name;
  const length = [...repository].length;
  if (length < 2 || length > 255) return `repository must be between 2 and 255 characters in length: ${repository}`;
  if (!/^[a-z0-9_./-]*$/.test(repository)) return `repository can only contain the characters \`${REPOSITORY_CHARS}\`: ${repository}`;
  if (hasRegistry && !isAuthority(first)) return `registries must be valid RFC 3986 URI authorities: ${first}`;
  return undefined;
}

/** Whether a text names an image, with or without a tag or digest. @see google/go-containerregistry pkg/name ParseReference */
export function isImageReference(text: string): boolean {
  return isTagged(text) || isDigested(text);
}

function isTagged(text: string): boolean {
  const colon = text.lastIndexOf(":");
  // The colon of a port has a path behind it.
  if (colon < 0 || text.slice(colon + 1).includes("/")) return repositoryProblem(text) === undefined;
  return /^[a-zA-Z0-9_.-]{1,128}$/.test(text.slice(colon + 1)) && repositoryProblem(text.slice(0, colon)) === undefined;
}

function isDigested(text: string): boolean {
  const [base = "", digest, ...rest] = text.split("@");
  if (digest === undefined || rest.length > 0 || !/^sha256:[0-9a-f]{64}$/.test(digest)) return false;
  return isTagged(base);
}

function isAuthority(host: string): boolean {
  return /^[A-Za-z0-9.\-_~[\]:]+$/.test(host) && !/:(?!\d*$)[^\]]*$/.test(host);
}
