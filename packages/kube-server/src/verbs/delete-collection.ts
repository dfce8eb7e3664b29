// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import type { Plane } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import type { ResourceDefinition } from "../resource.ts";
import { readDeleteOptions } from "./delete.ts";
import { deleteObject } from "./delete-object.ts";
import { listAnswer, readList } from "./list.ts";

/** Deletes what a list would show, and answers with that list. */
export function deleteCollection(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const options = readDeleteOptions(plane, definition, request);
  const { objects, metadata } = readList(plane, definition, request);
  for (const object of objects) {
    const stored = plane.store.get(storageKeyOf(definition), keyOf(definition, object));
    if (stored) deleteObject(plane, definition, stored, options);
  }
  return listAnswer(plane, definition, objects, metadata);
}

function keyOf(definition: ResourceDefinition, object: KubeObject): string {
  return objectKey(definition, object.metadata.namespace ?? "", object.metadata.name ?? "");
}
