// SPDX-License-Identifier: Apache-2.0
import { toBytes, fromBytes } from "../bytes.ts";
import { goQuote } from "../format/quote.ts";
import { FunctionError } from "../template-error.ts";
import { GoMap, type TemplateFunction, type Value, fn, kindOf } from "../values.ts";
import { asMap } from "./convert.ts";

/** Sprig's urlParse and urlJoin. @see net/url */
export function urlFunctions(): [string, TemplateFunction][] {
  return [
    ["urlParse", fn("string", ([text]) => parseUrl(String(text)))],
    ["urlJoin", fn("map", ([map]) => joinUrl(asMap(map)))],
  ];
}

function unescape(text: string, url: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+|%.{0,2}/g, (part) => {
    if (!/^(?:%[0-9a-fA-F]{2})+$/.test(part)) throw badUrl(url, `invalid URL escape ${goQuote(part)}`);
    return fromBytes(Uint8Array.from(part.slice(1).split("%"), (hex) => Number.parseInt(hex, 16)));
  });
}

function badUrl(url: string, problem: string): FunctionError {
  return new FunctionError(`unable to parse url: parse ${goQuote(url)}: ${problem}`);
}

function escape(text: string, allowed: RegExp): string {
  return Array.from(toBytes(text), (byte) => {
    const char = String.fromCharCode(byte);
    return byte < 0x80 && allowed.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

function parseUrl(text: string): Value {
  if (/[\u0000-\u001f\u007f]/.test(text)) throw badUrl(text, "net/url: invalid control character in URL");
  const hash = text.indexOf("#");
  const fragment = hash < 0 ? "" : unescape(text.slice(hash + 1), text);
  let rest = hash < 0 ? text : text.slice(0, hash);
  let scheme = "";
  const found = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(rest);
  if (found !== null) {
    scheme = (found[1] ?? "").toLowerCase();
    rest = rest.slice(found[0].length);
  } else if (rest.startsWith(":")) throw badUrl(text, "missing protocol scheme");
  const mark = rest.indexOf("?");
  const query = mark < 0 ? "" : rest.slice(mark + 1);
  if (mark >= 0) rest = rest.slice(0, mark);
  let opaque = "";
  let authority = "";
  if (!rest.startsWith("/") && scheme !== "") {
    opaque = rest;
    rest = "";
  } else if (!rest.startsWith("/") && /^[^/]*:/.test(rest)) {
    throw badUrl(text, "first path segment in URL cannot contain colon");
  } else if (rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"))) {
    const slash = rest.indexOf("/", 2);
    authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
    rest = slash < 0 ? "" : rest.slice(slash);
  }
  const at = authority.lastIndexOf("@");
  const host = at < 0 ? authority : authority.slice(at + 1);
  const port = /:([^:\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^[0-9]*$/.test(port)) throw badUrl(text, `invalid port ${goQuote(`:${port}`)} after host`);
  if (/[ "<>]/.test(host)) throw badUrl(text, `invalid character ${goQuote(/[ "<>]/.exec(host)?.[0] ?? "")} in host name`);
  const hostname = host.replace(/:[0-9]*$/, "").replace(/^\[(.*)\]$/, "$1");
  const entries: [string, Value][] = [
    ["scheme", scheme],
    ["host", unescape(host, text)],
    ["hostname", unescape(hostname, text)],
    ["path", unescape(rest, text)],
    ["query", query],
    ["opaque", opaque],
    ["fragment", fragment],
    ["userinfo", at < 0 ? "" : userInfo(authority.slice(0, at), text)],
  ];
  return new GoMap(new Map(entries));
}

function userInfo(text: string, url: string): string {
  const colon = text.indexOf(":");
  const clean = (part: string): string => escape(unescape(part, url), /[A-Za-z0-9\-_.~$&+,;=]/);
  return colon < 0 ? clean(text) : `${clean(text.slice(0, colon))}:${clean(text.slice(colon + 1))}`;
}

function joinUrl(map: GoMap): string {
  const part = (key: string): string => {
    if (!map.entries.has(key)) return "";
    const value = map.entries.get(key);
    if (typeof value !== "string")
      throw new FunctionError(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
    return value;
  };
  const [scheme, host, path, query, opaque, fragment] = ["scheme", "host", "path", "query", "opaque", "fragment"].map(part);
  const user = part("userinfo");
  let out = scheme ? `${scheme}:` : "";
  if (opaque) out += opaque;
  else {
    if (scheme || host || user) {
      if (host || path || user) out += "//";
      if (user) out += `${userInfo(user, user)}@`;
      out += escape(host ?? "", /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%]/);
    }
    const escaped = escape(path ?? "", /[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]]/);
    if (escaped !== "" && !escaped.startsWith("/") && host) out += "/";
    if (out === "" && /^[^/]*:/.test(escaped)) out += "./";
    out += escaped;
  }
  if (query) out += `?${query}`;
  return fragment ? `${out}#${escape(fragment, /[A-Za-z0-9\-_.~$&+,/:;=?@!()*']/)}` : out;
}
