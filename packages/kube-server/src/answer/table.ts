// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { defaultPrinter } from "../builtin/default-printer.ts";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest } from "../status-errors.ts";
import { partialMetadata } from "./partial-metadata.ts";

/** The metadata of a list. */
export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/**
 * Objects as rows. Without `columns` (later events of a watch) the columns are not repeated.
 * @throws {ApiError} 400 for an unknown `includeObject`
 * @see apimachinery meta/v1 Table
 */
export function tableOf(
  plane: Plane,
  definition: ResourceDefinition,
  request: RequestContext,
  objects: readonly KubeObject[],
  metaVersion: "v1" | "v1beta1",
  metadata: ListMeta,
  withColumns = true,
): KubeObject {
  const include = includedObject(request);
  const now = plane.clock.now();
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${metaVersion}`,
    metadata: metadata as KubeObject["metadata"],
    columnDefinitions: withColumns ? definition.printer.columns.map((column) => ({ ...column, format: column.format ?? "" })) : null,
    // The generic printer has no rows at all where others have none.
    rows:
      objects.length === 0 && definition.printer === defaultPrinter
        ? null
        : objects.map((object) => ({
            cells: definition.printer.cells(object, now),
            ...conditionsOf(definition, object),
            object: include === "None" ? null : include === "Object" ? object : partialMetadata(object, metaVersion),
          })),
  };
}

function conditionsOf({ printer }: ResourceDefinition, object: KubeObject): { readonly conditions?: readonly object[] } {
  const conditions = printer.conditions?.(object) ?? [];
  return conditions.length > 0 ? { conditions } : {};
}

export function includedObject(request: RequestContext): "None" | "Metadata" | "Object" {
  const value = request.query.first("includeObject") ?? "";
  if (value === "" || value === "Metadata") return "Metadata";
  if (value === "None" || value === "Object") return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}
