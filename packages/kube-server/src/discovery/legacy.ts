// SPDX-License-Identifier: Apache-2.0
import { sha256 } from "@noble/hashes/sha2.js";
import { toApiVersion } from "@flux-ts/kube-core";
import type { ResourceDefinition } from "../resource.ts";
import type { Group, GroupVersion } from "./groups.ts";
import { subresourcesOf } from "./subresources.ts";

/** @see apimachinery meta/v1 APIVersions */
export function apiVersions(serverAddress: string): object {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }] };
}

/** @see apimachinery meta/v1 APIGroupList */
export function apiGroupList(groups: readonly Group[]): object {
  return { kind: "APIGroupList", apiVersion: "v1", groups: groups.filter(({ name }) => name !== "").map(groupEntry) };
}

/** @see apimachinery meta/v1 APIGroup */
export function apiGroup(group: Group): object {
  return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(group) };
}

function groupEntry({ name, versions }: Group): object {
  const entries = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

/** @see apimachinery meta/v1 APIResourceList */
export function apiResourceList(group: string, { version, resources }: GroupVersion): object {
  return {
    kind: "APIResourceList",
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: toApiVersion(group, version),
    resources: resources.flatMap((definition) => [resourceEntry(definition), ...subresourceEntries(definition)]),
  };
}

function resourceEntry(definition: ResourceDefinition): object {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = definition;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(isStored(definition) ? { storageVersionHash: storageVersionHash(definition) } : {}),
  };
}

function subresourceEntries(definition: ResourceDefinition): readonly object[] {
  return subresourcesOf(definition).map(({ name, kind, group, version, verbs }) => ({
    name: `${definition.plural}/${name}`,
    singularName: "",
    namespaced: definition.namespaced,
    ...(group === undefined ? {} : { group, version }),
    kind,
    verbs,
  }));
}

function isStored(definition: ResourceDefinition): boolean {
  return definition.verbs.includes("create") && definition.verbs.includes("get");
}

/** Changes when the version changes in which objects are kept. @see apiserver endpoints/discovery StorageVersionHash */
function storageVersionHash({ group, storageVersion, kind }: ResourceDefinition): string {
  const digest = sha256(new TextEncoder().encode(`${group}/${storageVersion}/${kind}`));
  return Buffer.from(digest.slice(0, 8)).toString("base64");
}
