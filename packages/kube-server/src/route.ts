// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "./answer/answer.ts";
import { pageNotFound } from "./answer/page-not-found.ts";
import type { Plane } from "./plane.ts";
import type { RequestContext } from "./request/context.ts";
import { warn } from "./request/context.ts";
import type { ResourceDefinition } from "./resource.ts";
import { methodNotAllowed, noSuchPath } from "./status-errors.ts";
import { create } from "./verbs/create.ts";
import { deleteCollection } from "./verbs/delete-collection.ts";
import { deleteOne } from "./verbs/delete.ts";
import { get } from "./verbs/get.ts";
import { list } from "./verbs/list.ts";
import { patch } from "./verbs/patch.ts";
import { serveSubresource } from "./verbs/subresource.ts";
import { update } from "./verbs/update.ts";
import { watch } from "./verbs/watch.ts";

type Verb = (plane: Plane, definition: ResourceDefinition, request: RequestContext) => Answer;

const VERBS: Readonly<Record<string, Verb>> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: deleteOne,
  deletecollection: deleteCollection,
};

/** Answers a request for a resource. @throws {ApiError} */
export function routeResource(plane: Plane, request: RequestContext): Answer {
  const { info, method } = request;
  const definition = plane.registry.resource(info.group, info.version, info.resource);
  if (!definition || info.rest.length > 0) {
    if (!plane.registry.isBuiltinGroup(info.group)) return pageNotFound();
    throw noSuchPath();
  }
  if (method === "HEAD" || info.verb === "") throw methodNotAllowed();
  if (definition.deprecation) warn(request, definition.deprecation);
  if (info.subresource !== "") return serveSubresource(plane, definition, request);
  if (!definition.namespaced && info.namespace !== "" && info.resource !== "namespaces") throw noSuchPath();
  const isAcrossNamespaces = definition.namespaced && info.namespace === "";
  if (info.name !== "" && isAcrossNamespaces && info.verb !== "watch") throw noSuchPath();
  const takes = info.verb === "create" ? info.name === "" : info.verb === "update" || info.verb === "patch" ? info.name !== "" : true;
  const verb = Object.hasOwn(VERBS, info.verb) ? VERBS[info.verb] : undefined;
  if (!verb || !takes || !definition.verbs.includes(info.verb)) throw methodNotAllowed();
  if (isAcrossNamespaces && (info.verb === "deletecollection" || info.verb === "create")) throw methodNotAllowed();
  return verb(plane, definition, request);
}
