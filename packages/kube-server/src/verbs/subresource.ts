// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "../answer/answer.ts";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import type { ResourceDefinition } from "../resource.ts";
import { methodNotAllowed, noSuchPath } from "../status-errors.ts";
import { get } from "./get.ts";
import { patch } from "./patch.ts";
import { update } from "./update.ts";

/** Answers for `/status`, `/scale` and their like. @throws {ApiError} 404 for one the resource does not have */
export function serveSubresource(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const { verb, subresource } = request.info;
  if (subresource === "status" && definition.subresources.status) {
    switch (verb) {
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
  throw noSuchPath();
}
