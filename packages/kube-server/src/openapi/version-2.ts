// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "../answer/answer.ts";

const MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/**
 * `/openapi/v2`: a document without kinds. Clients that know version 3 ask for it only about kinds that version 3 does not have, and conclude from
 * it that the kind is unknown; a 404 they take for a server that cannot validate.
 *
 * @see gnostic openapiv2 Document, the message in which kubectl asks for it
 */
export function openApiVersion2(accept: string | undefined, version: string): Answer {
  const info = { title: "Kubernetes", version };
  if (!accept?.includes("proto-openapi")) return { status: 200, object: { swagger: "2.0", info, paths: {} } };
  const bytes = Buffer.concat([
    text(1, "2.0"),
    message(2, Buffer.concat([text(1, info.title), text(2, info.version)])),
    message(8, Buffer.alloc(0)),
  ]);
  return { status: 200, contentType: MEDIA_TYPE, encoded: () => [bytes] };
}

/** A field of protobuf that has a length; none of ours has 128 bytes. */
function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, content.length]), content]);
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value, "utf8"));
}
