// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";
import { decodePackets, delimiterPacket, encodePacket, flushPacket, packetText } from "./packet-line.ts";

/** A reference of a remote repository. */
export interface RemoteRef {
  readonly name: string;
  readonly id: string;
  /** What an annotated tag points to in the end. */
  readonly peeled?: string;
}

/** What a server says first: either all its references (protocols 0 and 1), or that it speaks version 2. */
export type Advertisement =
  | { readonly version: 2; readonly objectFormat: string }
  | { readonly version: 0 | 1; readonly objectFormat: string; readonly refs: readonly RemoteRef[] };

/** More than this many references are refused. */
const maxRefs = 500_000;
const idPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Reads the answer to `info/refs`. @throws {GitError} UNREACHABLE when it is not git's protocol */
export function parseAdvertisement(bytes: Buffer): Advertisement {
  const lines: string[] = [];
  for (const packet of decodePackets(bytes)) if (packet.kind === "data") lines.push(packetText(packet));
  if (lines[0]?.startsWith("# service=") === true) lines.shift();
  if (lines[0] === "version 2") {
    const format = lines.find((line) => line.startsWith("object-format="))?.slice("object-format=".length);
    return { version: 2, objectFormat: format ?? "sha1" };
  }
  const version = lines[0] === "version 1" ? 1 : 0;
  if (version === 1) lines.shift();
  const capabilities = lines[0]?.split("\0")[1] ?? "";
  const objectFormat = /(?:^| )object-format=(\S+)/.exec(capabilities)?.[1] ?? "sha1";
  const pairs = lines.map((line) => (line.split("\0")[0] ?? "").split(" "));
  return { version, objectFormat, refs: gather(pairs.filter(([, name = ""]) => name !== "capabilities^{}")) };
}

/** Asks a version 2 server for the references that begin with one of the prefixes. */
export function lsRefsRequest(prefixes: readonly string[], objectFormat: string): Buffer {
  const head = ["command=ls-refs\n", "agent=flux-ts\n", `object-format=${objectFormat}\n`];
  const body = ["peel\n", "symrefs\n", ...prefixes.map((prefix) => `ref-prefix ${prefix}\n`)];
  return Buffer.concat([...head.map(encodePacket), delimiterPacket, ...body.map(encodePacket), flushPacket]);
}

/** Reads the answer to {@link lsRefsRequest}. @throws {GitError} UNREACHABLE */
export function parseLsRefs(bytes: Buffer): RemoteRef[] {
  const refs: RemoteRef[] = [];
  for (const packet of decodePackets(bytes)) {
    if (packet.kind !== "data") break;
    const [id = "", name = "", ...attributes] = packetText(packet).split(" ");
    if (id === "unborn") continue;
    if (id === "ERR") throw new GitError("UNREACHABLE", `remote error: ${[name, ...attributes].join(" ").slice(0, 500)}`);
    const peeled = attributes.find((attribute) => attribute.startsWith("peeled:"))?.slice("peeled:".length);
    refs.push(checked({ name, id, ...(peeled === undefined ? {} : { peeled }) }));
    if (refs.length > maxRefs) throw new GitError("TOO_LARGE", `the repository has more than ${maxRefs} references`);
  }
  return refs;
}

/** Reads the lines that `git ls-remote` prints. */
export function parseLsRemote(text: string): RemoteRef[] {
  return gather(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t")),
  );
}

/** Joins `refs/tags/x^{}` to `refs/tags/x`. */
function gather(pairs: readonly (readonly string[])[]): RemoteRef[] {
  if (pairs.length > 2 * maxRefs) throw new GitError("TOO_LARGE", `the repository has more than ${maxRefs} references`);
  const peeled = new Map<string, string>();
  for (const [id = "", name = ""] of pairs) if (name.endsWith("^{}")) peeled.set(name.slice(0, -3), id);
  return pairs
    .filter(([, name = ""]) => !name.endsWith("^{}"))
    .map(([id = "", name = ""]) => {
      const target = peeled.get(name);
      return checked({ name, id, ...(target === undefined ? {} : { peeled: target }) });
    });
}

function checked(ref: RemoteRef): RemoteRef {
  if (!idPattern.test(ref.id) || (ref.peeled !== undefined && !idPattern.test(ref.peeled)) || ref.name === "") {
    throw new GitError("UNREACHABLE", "invalid reference in the server's answer");
  }
  return ref;
}
