// SPDX-License-Identifier: Apache-2.0
import type { Answer } from "../answer/answer.ts";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import type { ResourceDefinition } from "../resource.ts";
import { methodNotAllowed } from "../status-errors.ts";

export function patch(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  void plane;
  void definition;
  void request;
  throw methodNotAllowed();
}
