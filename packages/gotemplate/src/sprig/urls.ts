// SPDX-License-Identifier: Apache-2.0
import { FunctionError } from "../template-error.ts";
import { GoMap, type TemplateFunction, type Value, fn, kindOf } from "../values.ts";
import { asMap } from "./convert.ts";
import { UrlError, hostnameOf, parseUrl, writeUrl } from "./go-url.ts";

/** Sprig's urlParse and urlJoin. @see Masterminds/sprig url.go */
export function urlFunctions(): [string, TemplateFunction][] {
  return [
    ["urlParse", fn("string", ([text]) => told("url", () => partsOf(String(text))))],
    ["urlJoin", fn("map", ([map]) => joinParts(asMap(map)))],
  ];
}

function told<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof UrlError ? new FunctionError(`unable to parse ${what}: ${error.message}`, { cause: error }) : error;
  }
}

function partsOf(text: string): Value {
  const url = parseUrl(text);
  return new GoMap(
    new Map([
      ["scheme", url.scheme],
      ["host", url.host],
      ["hostname", hostnameOf(url.host)],
      ["path", url.path],
      ["query", url.query],
      ["opaque", url.opaque],
      ["fragment", url.fragment],
      ["userinfo", url.user ?? ""],
    ]),
  );
}

function joinParts(map: GoMap): string {
  const part = (key: string): string => {
    const value = map.entries.get(key);
    if (!map.entries.has(key)) return "";
    if (typeof value === "string") return value;
    throw new FunctionError(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
  };
  const [scheme = "", host = "", path = "", query = "", opaque = "", fragment = ""] = [
    "scheme",
    "host",
    "path",
    "query",
    "opaque",
    "fragment",
  ].map(part);
  const user = part("userinfo");
  // As Sprig reads it: as a part of a URL, of which it need not be the user.
  const read = user === "" ? undefined : told("userinfo in dict", () => parseUrl(`proto://${user}@host`)).user;
  return writeUrl({ scheme, host, path, query, opaque, fragment, user: read });
}
