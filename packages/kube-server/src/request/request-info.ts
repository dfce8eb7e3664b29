// SPDX-License-Identifier: Apache-2.0

/** What a path asks for. @see apiserver endpoints/request RequestInfoFactory */
export interface RequestInfo {
  readonly path: string;
  /** `get list watch create update patch delete deletecollection` for resources, else the method in lower case. */
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  /** `""` for cluster-scoped requests and for all namespaces. */
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** Path segments after the subresource: nothing serves them, but proxies. */
  readonly rest: readonly string[];
}

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(["status", "finalize"]);

/** Splits the path of a request; `isWatch` is what the query says. */
export function requestInfo(method: string, path: string, isWatch: boolean): RequestInfo {
  const none = {
    path,
    verb: method.toLowerCase(),
    isResource: false,
    group: "",
    version: "",
    namespace: "",
    resource: "",
    subresource: "",
  };
  const parts = path.split("/").filter((part) => part !== "");
  const decoded = parts.map(decodeSegment);
  let at = 0;
  let group = "";
  if (decoded[0] === "api" && decoded.length >= 3) at = 1;
  else if (decoded[0] === "apis" && decoded.length >= 4) {
    group = decoded[1] as string;
    at = 2;
  } else return { ...none, name: "", rest: [] };
  const version = decoded[at++] as string;
  let verb = verbOf(method);
  let watchPath = false;
  if (decoded[at] === "watch" && decoded.length > at + 1) {
    watchPath = true;
    at++;
  }
  let namespace = "";
  let rest = decoded.slice(at);
  if (rest[0] === "namespaces" && rest.length > 1) {
    namespace = rest[1] as string;
    if (rest.length > 2 && !NAMESPACE_SUBRESOURCES.has(rest[2] as string)) rest = rest.slice(2);
  }
  const [resource = "", name = "", subresource = "", ...more] = rest;
  if (name === "" && verb === "get") verb = "list";
  if (name === "" && verb === "delete") verb = "deletecollection";
  if (watchPath || (isWatch && (verb === "list" || verb === "get") && subresource === "")) {
    if (watchPath || verb === "list") verb = "watch";
  }
  return { path, verb, isResource: true, group, version, namespace, resource, subresource, name, rest: more };
}

function verbOf(method: string): string {
  switch (method) {
    case "GET":
    case "HEAD":
      return "get";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return "delete";
    default:
      return "";
  }
}

function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
