// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { partialMetadata } from "../answer/partial-metadata.ts";
import { acceptable } from "../answer/show.ts";
import type { ListMeta } from "../answer/table.ts";
import { tableOf } from "../answer/table.ts";
import { withoutKind } from "../codec/encoder.ts";
import { KubeServerError } from "../kube-server-error.ts";
import type { Plane } from "../plane.ts";
import { apiVersionOf, objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { decodeContinue, encodeContinue } from "../request/continue-token.ts";
import { readAt, tooLarge } from "../request/resource-version.ts";
import { selectionOf } from "../request/selection.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, expired } from "../status-errors.ts";
import type { Page } from "../store/revision-store.ts";

/** How many objects are looked at at once when a selector thins them out. */
const PAGE = 1000;

export function list(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const wanted = acceptable(request, definition, "list");
  const { objects, metadata } = readList(plane, definition, request);
  switch (wanted.form) {
    case "table":
      return { status: 200, object: tableOf(plane, definition, request, objects, wanted.metaVersion, metadata) };
    case "metadata-list": {
      const items = objects.length === 0 ? null : objects.map((object) => partialMetadata(object, wanted.metaVersion));
      return {
        status: 200,
        object: { kind: "PartialObjectMetadataList", apiVersion: `meta.k8s.io/${wanted.metaVersion}`, metadata, items },
      };
    }
    default:
      return listAnswer(plane, definition, objects, metadata);
  }
}

/** A list of whole objects; those of built-in kinds do not repeat kind and apiVersion. */
export function listAnswer(plane: Plane, definition: ResourceDefinition, objects: readonly KubeObject[], metadata: ListMeta): Answer {
  // Lists of custom resources say `continue` even when nothing follows.
  const meta = definition.isCustom ? { continue: "", ...metadata } : metadata;
  const head = { kind: definition.listKind, apiVersion: apiVersionOf(definition), metadata: meta };
  return {
    status: 200,
    object: { ...head, items: definition.isCustom ? objects : objects.map(withoutKind) },
    encoded: () => {
      const pieces: Uint8Array[] = [Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`)];
      const comma = Buffer.from(",");
      objects.forEach((object, index) => {
        if (index > 0) pieces.push(comma);
        pieces.push(definition.isCustom ? plane.encoder.encode(object) : plane.encoder.encodeItem(object));
      });
      pieces.push(Buffer.from("]}"));
      return pieces;
    },
  };
}

/** What a list shows, as views of the definition's version. @throws {ApiError} 400, 410, 422, 504 */
export function readList(
  plane: Plane,
  definition: ResourceDefinition,
  request: RequestContext,
): { readonly objects: readonly KubeObject[]; readonly metadata: ListMeta } {
  const selection = selectionOf(definition, request.info, request.query);
  const { store } = plane;
  const { query } = request;
  const limit = Math.max(0, query.integer("limit") ?? 0);
  const token = query.first("continue") ?? "";
  const at = readAt(query, limit);
  let revision = store.revision;
  let afterKey: string | undefined;
  let isPaged = limit > 0;
  if (token !== "") {
    if (at.kind === "not-older" || at.kind === "exact") throw badRequest("specifying resource version is not allowed when using continue");
    const from = decodeContinue(token);
    if (from.revision > 0) revision = from.revision;
    afterKey = from.afterKey;
    if (at.kind === "any") isPaged = false;
  } else if (at.kind === "exact" || at.kind === "not-older") {
    if (at.revision > store.revision) throw tooLarge(at.revision, store.revision);
    if (at.kind === "exact") revision = at.revision;
  } else if (at.kind === "any") {
    // As the watch cache does: it knows no pages.
    isPaged = false;
  }
  const resource = storageKeyOf(definition);
  const page = (after: string | undefined, size: number | undefined): Page => {
    try {
      return store.pageAt(revision, resource, selection.prefix, after, size);
    } catch (error) {
      if (!(error instanceof KubeServerError) || error.code !== "COMPACTED") throw error;
      throw token === ""
        ? expired(`The resourceVersion for the provided list is too old.`)
        : expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
          );
    }
  };
  const metadataOf = (more: { lastKey?: string; remaining: number }): ListMeta => ({
    resourceVersion: String(revision),
    ...(more.lastKey === undefined ? {} : { continue: encodeContinue({ revision, afterKey: more.lastKey }) }),
    ...(more.lastKey === undefined || selection.isFiltered ? {} : { remainingItemCount: more.remaining }),
  });
  const viewOf = (object: KubeObject): KubeObject => plane.views.of(definition, object);

  if (!selection.isFiltered || !isPaged) {
    const found = page(afterKey, isPaged ? limit : undefined);
    const views = found.objects.map(viewOf);
    return { objects: selection.isFiltered ? views.filter((object) => selection.matches(object)) : views, metadata: metadataOf(found) };
  }
  const objects: KubeObject[] = [];
  for (;;) {
    const found = page(afterKey, PAGE);
    for (const [index, stored] of found.objects.entries()) {
      const object = viewOf(stored);
      if (!selection.matches(object)) continue;
      objects.push(object);
      if (objects.length < limit) continue;
      const isLast = found.lastKey === undefined && index === found.objects.length - 1;
      return {
        objects,
        metadata: metadataOf(
          isLast
            ? { remaining: 0 }
            : { lastKey: objectKey(definition, stored.metadata.namespace ?? "", stored.metadata.name ?? ""), remaining: 0 },
        ),
      };
    }
    if (found.lastKey === undefined) return { objects, metadata: metadataOf({ remaining: 0 }) };
    afterKey = found.lastKey;
  }
}
