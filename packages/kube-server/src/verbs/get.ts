// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { showObject } from "../answer/show.ts";
import type { Plane } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { tooLarge, watchRevision } from "../request/resource-version.ts";
import type { ResourceDefinition } from "../resource.ts";
import { notFound } from "../status-errors.ts";

/** The object a path names, in the definition's version. @throws {ApiError} 404 */
export function requireObject(plane: Plane, definition: ResourceDefinition, namespace: string, name: string): KubeObject {
  const stored = plane.store.get(storageKeyOf(definition), objectKey(definition, namespace, name));
  if (!stored) throw notFound({ group: definition.group, name: definition.plural }, name);
  return plane.views.of(definition, stored);
}

export function get(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const { namespace, name } = request.info;
  const revision = watchRevision(request.query.first("resourceVersion") ?? "");
  if (revision > plane.store.revision) throw tooLarge(revision, plane.store.revision);
  return showObject(plane, definition, request, 200, requireObject(plane, definition, namespace, name));
}
