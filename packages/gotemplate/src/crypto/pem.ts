// SPDX-License-Identifier: Apache-2.0
import { decodeBase64, encodeBase64 } from "../sprig/encodings.ts";

/** One block of PEM. */
export interface PemBlock {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A block as text, in lines of 64 characters. */
export function encodePem(type: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`, ""].join("\n");
}

/** The first block that a text holds; undefined when there is none. @see encoding/pem Decode */
export function decodePem(text: string): PemBlock | undefined {
  const lines = text.split("\n").map(withoutEndBlanks);
  let begin = -1;
  let type = "";
  for (const [i, line] of lines.entries()) {
    const started = /^-----BEGIN (.*)-----$/.exec(line);
    if (started !== null) {
      begin = i;
      type = started[1] ?? "";
      continue;
    }
    if (begin < 0 || line !== `-----END ${type}-----`) continue;
    const bytes = decodeBody(lines.slice(begin + 1, i));
    if (bytes !== undefined) return { type, bytes };
    begin = -1;
  }
  return undefined;
}

function withoutEndBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && " \t\r".includes(line[end - 1] ?? "x")) end--;
  return line.slice(0, end);
}

/** Headers, as old encrypted keys have them, stand before the first line without a colon. */
function decodeBody(lines: readonly string[]): Uint8Array | undefined {
  const first = lines.findIndex((line) => !line.includes(":"));
  const body = first < 0 ? "" : lines.slice(first).join("");
  return decodeBase64(body.replace(/[ \t]/g, ""));
}
