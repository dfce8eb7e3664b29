// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import type { Negotiated } from "../request/media.ts";
import { negotiate, SERVED_TYPES } from "../request/media.ts";
import type { ResourceDefinition } from "../resource.ts";
import { internalPackage } from "../codec/decode-object.ts";
import { failure, notAcceptable } from "../status-errors.ts";
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
  const wanted = acceptable(request, definition, "object");
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

/**
 * The form in which a client wants an object or a list of a kind.
 * @throws {ApiError} 406 for what is not served, and for metadata of a list where there is an object, or the other way round
 */
export function acceptable(request: RequestContext, definition: ResourceDefinition, what: "object" | "list"): Negotiated {
  const wanted = negotiate(request.headers["accept"], { table: true, metadata: true });
  if (!wanted) throw notAcceptable(SERVED_TYPES);
  const asked = wanted.form === "metadata" ? "object" : wanted.form === "metadata-list" ? "list" : what;
  if (asked === what) return wanted;
  const type = goTypeOfKind(definition, what);
  const found =
    what === "list"
      ? `PartialObjectMetadata, but the requested object is a list`
      : `PartialObjectMetadataList, but the requested object is not a list`;
  throw failure(406, "NotAcceptable", `you requested ${found} (${type})`);
}

/** `*core.ConfigMapList`: the unversioned type of a kind in Go. */
function goTypeOfKind({ group, kind, isCustom, storageKey }: ResourceDefinition, what: "object" | "list"): string {
  const suffix = what === "list" ? "List" : "";
  if (isCustom) return `*unstructured.Unstructured${suffix}`;
  return `*${internalPackage(storageKey === "events" ? "" : group)}.${kind}${suffix}`;
}
