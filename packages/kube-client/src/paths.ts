// SPDX-License-Identifier: Apache-2.0
import type { ResourceInfo } from "./client.ts";

/** `v1` → `/api/v1`, `apps/v1` → `/apis/apps/v1`. */
export function groupVersionPath(group: string, version: string): string {
  return group === "" ? `/api/${encodeURIComponent(version)}` : `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
}

/**
 * Where objects of a resource live, percent-encoded. The namespace of a cluster-scoped resource is ignored; a
 * namespaced one without a namespace gives the path across namespaces, which the server answers as it answers kubectl.
 */
export function resourcePath(
  resource: Pick<ResourceInfo, "group" | "version" | "plural" | "namespaced">,
  where: { readonly namespace?: string | undefined; readonly name?: string | undefined; readonly subresource?: string | undefined },
): string {
  let path = groupVersionPath(resource.group, resource.version);
  if (resource.namespaced && where.namespace) path += `/namespaces/${encodeURIComponent(where.namespace)}`;
  path += `/${resource.plural}`;
  if (where.name !== undefined) path += `/${encodeURIComponent(where.name)}`;
  if (where.subresource) path += `/${where.subresource}`;
  return path;
}
