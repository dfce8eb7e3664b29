// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import type { Negotiated } from "../request/media.ts";
import { negotiate, SERVED_TYPES } from "../request/media.ts";
import type { ResourceDefinition } from "../resource.ts";
import { notAcceptable } from "../status-errors.ts";
import type { Answer } from "./answer.ts";
import { partialMetadata } from "./partial-metadata.ts";
import { tableOf } from "./table.ts";

/** One object, in the form that the request accepts. @throws {ApiError} 406 */
export function showObject(
  plane: Plane,
  definition: ResourceDefinition,
  request: RequestContext,
  status: number,
  object: KubeObject,
): Answer {
  const wanted = acceptable(request, { table: true, metadata: "object" });
  switch (wanted.form) {
    case "table":
      return {
        status,
        object: tableOf(plane, definition, request, [object], wanted.metaVersion, {
          resourceVersion: object.metadata.resourceVersion ?? "",
        }),
      };
    case "metadata":
      return { status, object: partialMetadata(object, wanted.metaVersion) };
    default:
      return { status, object, encoded: () => [plane.encoder.encode(object)] };
  }
}

/** @throws {ApiError} 406 */
export function acceptable(
  request: RequestContext,
  forms: { readonly table: boolean; readonly metadata: "object" | "list" | false },
): Negotiated {
  const wanted = negotiate(request.headers["accept"], forms);
  if (!wanted) throw notAcceptable(SERVED_TYPES);
  return wanted;
}
