// SPDX-License-Identifier: Apache-2.0

/** The parts of a URL that the commands look at. */
export interface ParsedUrl {
  readonly scheme: string;
  /** With the port, without a user. */
  readonly host: string;
}

/**
 * Reads a URL as Go does, who takes nearly anything for one.
 * @throws {Error} in Go's words
 * @see net/url.Parse
 */
export function parseGoUrl(text: string): ParsedUrl {
  const fail = (problem: string): never => {
    throw new Error(`parse ${JSON.stringify(text)}: ${problem}`);
  };
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) return fail("net/url: invalid control character in URL");
  const [, scheme, rest = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  if (scheme === undefined && text.startsWith(":")) return fail("missing protocol scheme");
  const [path = ""] = rest.split(/[?#]/, 1);
  if (scheme === undefined && !path.startsWith("/")) {
    const [segment = ""] = path.split("/", 1);
    if (segment.includes(":")) return fail("first path segment in URL cannot contain colon");
  }
  const authority = path.startsWith("//") ? (path.slice(2).split("/", 1)[0] ?? "") : "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const [, port] = /:([^:\]]*)$/.exec(host) ?? [];
  if (port !== undefined && !/^\d*$/.test(port)) return fail(`invalid port ${JSON.stringify(`:${port}`)} after host`);
  if (/[ "<>^`{|}\\]/.test(host)) return fail(`invalid character ${JSON.stringify(/[ "<>^`{|}\\]/.exec(host)?.[0] ?? "")} in host name`);
  const [escape] = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(path) ?? [];
  if (escape !== undefined) return fail(`invalid URL escape ${JSON.stringify(escape)}`);
  return { scheme: (scheme ?? "").toLowerCase(), host };
}
