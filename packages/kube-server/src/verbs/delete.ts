// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "../answer/answer.ts";
import { showObject } from "../answer/show.ts";
import { readBody } from "../codec/body.ts";
import type { Plane } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { warn } from "../request/context.ts";
import type { DeleteOptions } from "../request/delete-options.ts";
import { deleteOptions } from "../request/delete-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { notFound } from "../status-errors.ts";
import { deleteObject } from "./delete-object.ts";
import { resourceOf } from "./write.ts";

const ORPHAN_WARNING =
  "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

export function deleteOne(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const { namespace, name } = request.info;
  const options = readDeleteOptions(plane, definition, request);
  const stored = plane.store.get(storageKeyOf(definition), objectKey(definition, namespace, name));
  if (!stored) throw notFound(resourceOf(definition), name);
  const { object, isGone } = deleteObject(plane, definition, stored, options);
  if (!isGone || definition.deleteReturnsObject) return showObject(plane, definition, request, 200, object);
  const details = {
    name,
    ...(definition.group === "" ? {} : { group: definition.group }),
    kind: definition.plural,
    uid: object.metadata.uid ?? "",
  };
  return { status: 200, object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details } };
}

/** The options of a deletion, with the kind's own default. */
export function readDeleteOptions(plane: Plane, definition: ResourceDefinition, request: RequestContext): DeleteOptions {
  const isEmpty = request.body === undefined || (request.body instanceof Uint8Array && request.body.length === 0);
  const body = isEmpty ? undefined : readBody(request, "DeleteOptions", plane.decodeProtobuf).value;
  const options = deleteOptions(request.query, body);
  if (options.propagation !== undefined || definition.defaultPropagation !== "Orphan") return options;
  if (definition.group === "batch") warn(request, ORPHAN_WARNING);
  return { ...options, propagation: "Orphan" };
}
