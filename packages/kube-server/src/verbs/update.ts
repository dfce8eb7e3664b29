// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { showObject } from "../answer/show.ts";
import { readBody } from "../codec/body.ts";
import { decodeBody } from "../codec/decode-object.ts";
import { trackWrite } from "../managed-fields.ts";
import type { Plane } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { writeOptions } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, conflict, notFound } from "../status-errors.ts";
import { createObject } from "./create-object.ts";
import { updateObject } from "./update-object.ts";
import type { Write } from "./write.ts";
import { resourceOf, withMetadata, withNamespace, writerOf } from "./write.ts";

export function update(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const { info } = request;
  const body = readBody(request, definition.kind, plane.decodeProtobuf);
  const options = writeOptions(request.query, "UpdateOptions");
  const write: Write = { plane, definition, request, options, subresource: info.subresource };
  const wanted = withNamespace(write, decodeBody(plane, definition, request, body, options.fieldValidation));
  requireName(wanted, info.name);
  const stored = plane.store.get(storageKeyOf(definition), objectKey(definition, info.namespace, info.name));
  if (!stored) {
    if (!definition.createOnUpdate || info.subresource !== "") throw notFound(resourceOf(definition), info.name);
    if (wanted.metadata.uid) throw missingUid(write, wanted);
    const fresh = withMetadata(wanted, { resourceVersion: undefined, managedFields: undefined });
    const tracked = trackWrite(plane, definition, undefined, fresh, writerOf(write));
    return showObject(plane, definition, request, 201, createObject(write, tracked));
  }
  const result = updateObject(write, stored, (old) => trackWrite(plane, definition, old, wanted, writerOf(write)));
  return showObject(plane, definition, request, 200, result);
}

/** @throws {ApiError} 400 */
export function requireName(object: KubeObject, name: string): void {
  const given = object.metadata.name ?? "";
  if (given === "") throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (given !== name) throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

function missingUid(write: Write, wanted: KubeObject): Error {
  const { namespace, name = "", uid = "" } = wanted.metadata;
  const path = `/registry/${write.definition.plural}/${namespace ? `${namespace}/` : ""}${name}`;
  return conflict(
    resourceOf(write.definition),
    name,
    `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: `,
  );
}
