// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError, parseJson } from "@flux-ts/kube-core";
import { ProtobufError } from "./wire-reader.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Text in a message. @throws {ProtobufError} when it is no UTF-8 */
export function readText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new ProtobufError("proto: a text is not UTF-8", { cause });
  }
}

/** JSON in a message. @throws {ProtobufError} */
export function readJson(bytes: Uint8Array): unknown {
  const text = readText(bytes);
  try {
    return parseJson(text === "" ? "null" : text);
  } catch (error) {
    throw error instanceof KubeCoreError ? new ProtobufError(error.message, { cause: error }) : error;
  }
}
