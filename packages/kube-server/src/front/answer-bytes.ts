// SPDX-License-Identifier: Apache-2.0
import { stringifyJson } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { warningHeader } from "../answer/warning-header.ts";

/** The headers of an answer, names in lower case. */
export function headersOf(answer: Answer & { readonly warnings: readonly string[] }): [string, readonly string[]][] {
  const type = answer.contentType ?? "application/json";
  const headers: [string, readonly string[]][] = type === "" ? [] : [["content-type", [type]]];
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.push([name, [value]]);
  if (answer.warnings.length > 0) headers.push(["warning", answer.warnings.map(warningHeader)]);
  return headers;
}

/** The body of an answer that is no stream. */
export function answerBody(answer: Answer): Uint8Array<ArrayBuffer> {
  if (answer.text !== undefined) return Buffer.from(answer.text, "utf8");
  if (answer.encoded) return Buffer.concat(answer.encoded());
  return answer.object === undefined ? Buffer.alloc(0) : Buffer.from(stringifyJson(answer.object), "utf8");
}
