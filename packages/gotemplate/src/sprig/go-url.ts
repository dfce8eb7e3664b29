// SPDX-License-Identifier: Apache-2.0
import { byteString, fromByteString } from "../bytes.ts";
import { goQuote } from "../format/quote.ts";
import { parseIpAddress } from "../crypto/ip-address.ts";

/** The parts of a URL, decoded. */
export interface GoUrl {
  readonly scheme: string;
  readonly opaque: string;
  /** The user and the password behind a colon, encoded; undefined when there is none. */
  readonly user: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** What a text that is no URL is told; worded as Go's net/url. */
export class UrlError extends Error {
  override readonly name = "UrlError";
}

type Mode = "path" | "host" | "zone" | "user" | "fragment";

/** Characters that stay as they are beside letters, digits and -_.~ */
const PLAIN: Readonly<Record<Mode, string>> = {
  path: "$&+,/:;=@",
  host: "!$&'()*+,;=:[]<>\"",
  zone: "!$&'()*+,;=:[]<>\"",
  user: "$&+,;=",
  fragment: "$&+,/:;=?@!()*",
};

function isPlain(char: string, mode: Mode): boolean {
  return /^[A-Za-z0-9_.~-]$/.test(char) || PLAIN[mode].includes(char);
}

/** Writes what cannot stand as it is as %XX. @see net/url escape */
export function escape(text: string, mode: Mode): string {
  return Array.from(byteString(text), (byte) =>
    isPlain(byte, mode) ? byte : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

/** @throws {UrlError} @see net/url unescape */
function unescape(text: string, mode: Mode): string {
  const bytes = byteString(text);
  let out = "";
  for (let at = 0; at < bytes.length; at++) {
    const char = bytes[at] ?? "";
    if (char !== "%") {
      if ((mode === "host" || mode === "zone") && char < "\x80" && !isPlain(char, mode))
        throw new UrlError(`invalid character ${goQuote(char)} in host name`);
      out += char;
      continue;
    }
    const code = bytes.slice(at, at + 3);
    const isHex = /^%[0-9a-fA-F]{2}$/.test(code);
    const value = Number.parseInt(code.slice(1), 16);
    // In a host only what is not ASCII may be encoded, and the mark of a zone.
    const isRefused =
      code !== "%25" &&
      ((mode === "host" && value < 0x80) || (mode === "zone" && value !== 0x20 && !isPlain(String.fromCharCode(value), "host")));
    if (!isHex || isRefused) throw new UrlError(`invalid URL escape ${goQuote(fromByteString(code))}`);
    out += String.fromCharCode(value);
    at += 2;
  }
  return fromByteString(out);
}

function cut(text: string, mark: string): readonly [before: string, after: string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Takes a URL apart. @throws {UrlError} @see net/url Parse */
export function parseUrl(text: string): GoUrl {
  const [before, mark = ""] = cut(text, "#");
  const told = (url: string, run: () => string | Omit<GoUrl, "fragment">): string | Omit<GoUrl, "fragment"> => {
    try {
      return run();
    } catch (error) {
      throw error instanceof UrlError ? new UrlError(`parse ${goQuote(url)}: ${error.message}`, { cause: error }) : error;
    }
  };
  const url = told(before, () => parseWithoutFragment(before));
  const fragment = told(text, () => unescape(mark, "fragment"));
  if (typeof url === "string" || typeof fragment !== "string") throw new TypeError("a URL has parts, and its fragment is a text");
  return { ...url, fragment };
}

function parseWithoutFragment(text: string): Omit<GoUrl, "fragment"> {
  const empty = { scheme: "", opaque: "", user: undefined, host: "", path: "", query: "" };
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new UrlError("net/url: invalid control character in URL");
  if (text === "*") return { ...empty, path: "*" };
  if (text.startsWith(":")) throw new UrlError("missing protocol scheme");
  const found = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  const scheme = (found?.[1] ?? "").toLowerCase();
  const [rest, query = ""] = cut(text.slice(found?.[0].length ?? 0), "?");
  const url = { ...empty, scheme, query };
  if (!rest.startsWith("/")) {
    if (scheme !== "") return { ...url, opaque: rest };
    if (cut(rest, "/")[0].includes(":")) throw new UrlError("first path segment in URL cannot contain colon");
  }
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) return { ...url, path: unescape(rest, "path") };
  const slash = rest.indexOf("/", 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const { user, host } = parseAuthority(scheme, authority);
  return { ...url, user, host, path: slash < 0 ? "" : unescape(rest.slice(slash), "path") };
}

function parseAuthority(scheme: string, authority: string): { readonly user: string | undefined; readonly host: string } {
  const at = authority.lastIndexOf("@");
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(user)) throw new UrlError("net/url: invalid userinfo");
  const [name, password] = cut(user, ":");
  const again = (part: string): string => escape(unescape(part, "user"), "user");
  return { user: password === undefined ? again(name) : `${again(name)}:${again(password)}`, host };
}

function checkPort(port: string): void {
  if (port !== "" && !/^:[0-9]*$/.test(port)) throw new UrlError(`invalid port ${goQuote(port)} after host`);
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf("[");
  if (bracket > 0) throw new UrlError("invalid IP-literal");
  if (bracket === 0) return parseIpLiteral(host);
  // Several colons are an error for the web, and only there.
  const colon = scheme === "http" || scheme === "https" ? host.indexOf(":") : host.lastIndexOf(":");
  if (colon >= 0) checkPort(host.slice(colon));
  return unescape(host, "host");
}

/** `[fe80::1%25en0]:80` */
function parseIpLiteral(host: string): string {
  const end = host.lastIndexOf("]");
  if (end < 0) throw new UrlError("missing ']' in host");
  const port = host.slice(end + 1);
  checkPort(port);
  const name = host.slice(1, end);
  const zone = name.indexOf("%25");
  const address = unescape(zone < 0 ? name : name.slice(0, zone), "host") + (zone < 0 ? "" : unescape(name.slice(zone), "zone"));
  const [bare, zoneName] = cut(address, "%");
  if (!bare.includes(":") && parseIpAddress(bare) !== undefined) throw new UrlError("invalid IP-literal");
  if (!bare.includes(":") || zoneName === "" || parseIpAddress(bare) === undefined)
    throw new UrlError(`invalid host: ParseAddr(${goQuote(address)}): ${addressProblem(bare, zoneName)}`);
  return `[${address}]${port}`;
}

function addressProblem(bare: string, zone: string | undefined): string {
  if (zone === "") return "zone must be a non-empty string";
  return bare.includes(":") || bare.includes(".") ? "unable to parse IP" : "unable to parse IP";
}

/** The host without its port and brackets. @see URL.Hostname */
export function hostnameOf(host: string): string {
  const name = host.replace(/:[0-9]*$/, "");
  return name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name;
}

/** Puts a URL together. @see URL.String */
export function writeUrl({ scheme, opaque, user, host, path, query, fragment }: GoUrl): string {
  let out = scheme === "" ? "" : `${scheme}:`;
  if (opaque !== "") out += opaque;
  else {
    if ((scheme !== "" || host !== "" || user !== undefined) && (host !== "" || path !== "" || user !== undefined)) {
      out += `//${user === undefined ? "" : `${user}@`}${escape(host, "host")}`;
    }
    const escaped = path === "*" ? "*" : escape(path, "path");
    if (escaped !== "" && !escaped.startsWith("/") && host !== "") out += "/";
    if (out === "" && cut(escaped, "/")[0].includes(":")) out += "./";
    out += escaped;
  }
  if (query !== "") out += `?${query}`;
  return fragment === "" ? out : `${out}#${escape(fragment, "fragment")}`;
}
