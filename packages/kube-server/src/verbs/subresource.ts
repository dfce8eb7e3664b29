// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "../answer/answer.ts";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import type { ResourceDefinition } from "../resource.ts";
import { methodNotAllowed, noSuchPath, notFound } from "../status-errors.ts";
import { serveBinding } from "./binding.ts";
import { serveEviction } from "./eviction.ts";
import { get } from "./get.ts";
import { patch } from "./patch.ts";
import { serveScale } from "./scale.ts";
import { serveTokenRequest } from "./token-request.ts";
import { update } from "./update.ts";
import { resourceOf } from "./write.ts";

type Serve = (plane: Plane, definition: ResourceDefinition, request: RequestContext) => Answer;

/** Those of built-in kinds that do more than show a part of the object. */
const SPECIAL: Readonly<Record<string, Serve>> = {
  "pods/binding": serveBinding,
  "pods/eviction": serveEviction,
  "pods/ephemeralcontainers": servePart,
  "pods/resize": servePart,
  "certificatesigningrequests/approval": servePart,
  "namespaces/finalize": serveFinalize,
  "serviceaccounts/token": serveTokenRequest,
};

/** Answers for `/status`, `/scale` and their like. @throws {ApiError} 404 for one the resource does not have */
export function serveSubresource(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const { subresource } = request.info;
  const { status, scale, others = [] } = definition.subresources;
  if (subresource === "status" && status) return servePart(plane, definition, request);
  if (subresource === "scale" && scale) return serveScale(plane, definition, request, scale);
  const isKnownKind = subresource === "status" || subresource === "scale";
  if (definition.isCustom && isKnownKind) throw notFound(resourceOf(definition), request.info.name);
  if (!others.includes(subresource)) throw noSuchPath();
  const name = `${definition.plural}/${subresource}`;
  const special = plane.subresources.get(name) ?? (Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined);
  if (!special) throw noSuchPath();
  return special(plane, definition, request);
}

function servePart(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  switch (request.info.verb) {
    case "get":
      return get(plane, definition, request);
    case "update":
      return update(plane, definition, request);
    case "patch":
      return patch(plane, definition, request);
    default:
      throw methodNotAllowed();
  }
}

function serveFinalize(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  if (request.info.verb !== "update") throw methodNotAllowed();
  return update(plane, definition, request);
}
