// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "../registry.ts";
import { apiVersionOf, storageKeyOf } from "../registry.ts";
import type { ResourceDefinition } from "../resource.ts";
import type { KindIndex } from "./kind-index.ts";
import type { Endpoint } from "./plane.ts";

/** What a server's registry serves now, for controllers that look at every kind. */
export function registryKinds(registry: Registry): KindIndex {
  const stored = (): readonly ResourceDefinition[] =>
    registry.all().filter((one) => one.version === one.storageVersion && one.verbs.includes("delete"));
  return {
    byKind: (apiVersion, kind) => {
      const definition = registry.kind(apiVersion, kind);
      return definition === undefined ? undefined : toEndpoint(definition);
    },
    byResource: (resource) => {
      const definition = stored().find((one) => storageKeyOf(one) === resource);
      return definition === undefined ? undefined : toEndpoint(definition);
    },
    namespaced: () =>
      stored()
        .filter((one) => one.namespaced && one.verbs.includes("list"))
        .map(toEndpoint),
  };
}

function toEndpoint(definition: ResourceDefinition): Endpoint & { readonly namespaced: boolean } {
  const apiVersion = apiVersionOf(definition);
  return {
    prefix: definition.group === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`,
    plural: definition.plural,
    resource: storageKeyOf(definition),
    namespaced: definition.namespaced,
  };
}
