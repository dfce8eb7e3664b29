// SPDX-License-Identifier: Apache-2.0
import type { WatchEvent } from "@flux-ts/kube-core";
import type { Encoder } from "../codec/encoder.ts";

const END = Buffer.from("}\n");
const HEADS: Readonly<Record<WatchEvent["type"], Buffer>> = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
  BOOKMARK: Buffer.from('{"type":"BOOKMARK","object":'),
  ERROR: Buffer.from('{"type":"ERROR","object":'),
};

/** One line of a watch stream; the object's bytes are shared by all watches that send it. */
export function eventLine(encoder: Encoder, event: WatchEvent): [Buffer, Buffer, Buffer] {
  return [HEADS[event.type], encoder.encode(event.object), END];
}
