// SPDX-License-Identifier: Apache-2.0

/** A URL in parts, as Go splits it. */
export interface GoUrl {
  readonly scheme: string;
  /** With the port; of IPv6 with brackets. */
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  /** As it was written. */
  readonly escapedPath: string;
  readonly rawQuery: string;
}

/** An absolute URL, or a path that starts with `/`. Undefined when Go would refuse it. @see net/url.ParseRequestURI */
export function parseRequestUri(text: string): GoUrl | undefined {
  // oxlint-disable-next-line no-control-regex
  if (text === "" || /[\u0000-\u001f\u007f]/.test(text)) return undefined;
  if (text === "*") return { scheme: "", host: "", hostname: "", port: "", escapedPath: "*", rawQuery: "" };
  const split = splitScheme(text);
  if (split === undefined) return undefined;
  const { scheme } = split;
  const question = split.rest.indexOf("?");
  const rawQuery = question < 0 ? "" : split.rest.slice(question + 1);
  const rest = question < 0 ? split.rest : split.rest.slice(0, question);
  if (!rest.startsWith("/")) {
    // An opaque URL such as mailto:a@b.
    return scheme === "" ? undefined : { scheme, host: "", hostname: "", port: "", escapedPath: "", rawQuery };
  }
  if (scheme === "" || !rest.startsWith("//")) return withPath({ scheme, host: "", hostname: "", port: "" }, rest, rawQuery);
  const slash = rest.indexOf("/", 2);
  const authority = parseAuthority(slash < 0 ? rest.slice(2) : rest.slice(2, slash));
  return authority === undefined ? undefined : withPath({ scheme, ...authority }, slash < 0 ? "" : rest.slice(slash), rawQuery);
}

function withPath(
  parts: { scheme: string; host: string; hostname: string; port: string },
  path: string,
  rawQuery: string,
): GoUrl | undefined {
  if (/%(?![\da-fA-F]{2})/.test(path)) return undefined;
  return { ...parts, escapedPath: escapePath(path), rawQuery };
}

function splitScheme(text: string): { scheme: string; rest: string } | undefined {
  const match = /^([a-zA-Z][a-zA-Z\d+\-.]*):/.exec(text);
  if (match !== null) return { scheme: (match[1] ?? "").toLowerCase(), rest: text.slice(match[0].length) };
  // A colon first, with nothing before it.
  return text.startsWith(":") ? undefined : { scheme: "", rest: text };
}

function parseAuthority(authority: string): { host: string; hostname: string; port: string } | undefined {
  const at = authority.lastIndexOf("@");
  if (at >= 0 && !/^(?:[A-Za-z0-9\-._:~!$&'()*+,;=]|%[\da-fA-F]{2}|@)*$/.test(authority.slice(0, at))) return undefined;
  const host = authority.slice(at + 1);
  const bracketed = /^\[([^\]]*)\](:\d*)?$/.exec(host);
  if (host.startsWith("[")) {
    if (bracketed === null) return undefined;
    return { host, hostname: bracketed[1] ?? "", port: (bracketed[2] ?? "").slice(1) };
  }
  const colon = host.indexOf(":");
  const port = colon < 0 ? "" : host.slice(colon + 1);
  if (!/^\d*$/.test(port)) return undefined;
  const name = colon < 0 ? host : host.slice(0, colon);
  // Go allows percent-encoding of bytes beyond ASCII in a host, and these characters.
  if (/%(?![89a-fA-F][\da-fA-F])/.test(name) || /[ "<>\\^`{|}/#?@[\]]/.test(name.replaceAll(/["<>]/g, ""))) return undefined;
  const decoded = decodeHost(name);
  return { host: colon < 0 ? decoded : `${decoded}:${port}`, hostname: decoded, port };
}

function decodeHost(name: string): string {
  if (!name.includes("%")) return name;
  const bytes = new Uint8Array(name.length * 3);
  const { written } = new TextEncoder().encodeInto(name, bytes);
  const decoded: number[] = [];
  for (let index = 0; index < written; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === 0x25) {
      decoded.push(Number.parseInt(String.fromCharCode(bytes[index + 1] ?? 0, bytes[index + 2] ?? 0), 16));
      index += 2;
    } else decoded.push(byte);
  }
  return new TextDecoder().decode(Uint8Array.from(decoded));
}

/** As Go writes the path: what is validly escaped stays, the rest is escaped. @see url.URL.EscapedPath */
function escapePath(path: string): string {
  const isValid = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/[\]]|%[\da-fA-F]{2})*$/.test(path);
  if (isValid) return path;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return path;
  }
  return Array.from(decoded)
    .map((character) => (/[A-Za-z0-9\-._~$&+/:;=@]/.test(character) ? character : encodeURIComponent(character)))
    .join("")
    .replaceAll(/[!'()*,]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
