// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, Quantity } from "@flux-ts/kube-core";
import { parseQuantity } from "@flux-ts/kube-core";
import { addAll, contributionOf, resourceOfName } from "./contribution.ts";
import type { ResourceQuota } from "./scopes.ts";
import { isInScope } from "./scopes.ts";

interface ObjectReader {
  page(resource: string, prefix: string): { readonly objects: readonly KubeObject[] };
}

/** What a quota's namespace uses now, of each of these names. */
export function usageOf(store: ObjectReader, quota: ResourceQuota, names: readonly string[]): ReadonlyMap<string, Quantity> {
  const used = new Map<string, Quantity>(names.map((name) => [name, parseQuantity("0")]));
  for (const resource of new Set(names.map(resourceOfName))) {
    for (const object of store.page(resource, `${quota.metadata.namespace ?? ""}/`).objects) {
      if (!isInScope(quota, resource, object)) continue;
      addAll(
        used,
        [...contributionOf(resource, object)].filter(([name]) => used.has(name)),
      );
    }
  }
  return used;
}
