// SPDX-License-Identifier: Apache-2.0
import type { ResourceDefinition } from "../resource.ts";
import type { Group } from "./groups.ts";
import { subresourcesOf } from "./subresources.ts";

/** Everything that groups serve, in one document. @see apidiscovery/v2 APIGroupDiscoveryList */
export function groupDiscoveryList(groups: readonly Group[], apiVersion: "v2" | "v2beta1"): object {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${apiVersion}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === "" ? {} : { name },
      versions: versions.map(({ version, resources }) => ({ version, resources: resources.map(resourceEntry), freshness: "Current" })),
    })),
  };
}

function resourceEntry(definition: ResourceDefinition): object {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames, categories } = definition;
  const subresources = subresourcesOf(definition).map((info) => ({
    subresource: info.name,
    responseKind: { group: info.group ?? group, version: info.version ?? version, kind: info.kind },
    verbs: info.verbs,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}
