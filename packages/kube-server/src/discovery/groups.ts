// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "../registry.ts";
import type { ResourceDefinition } from "../resource.ts";

/** One version of a group, with what it serves. */
export interface GroupVersion {
  readonly version: string;
  readonly resources: readonly ResourceDefinition[];
}

/** A group with its versions, the preferred one first. The core group is `""`. */
export interface Group {
  readonly name: string;
  readonly versions: readonly GroupVersion[];
}

/** Built-in groups in the order of their table, then those of custom resources by name. */
export function groupsOf(registry: Registry): readonly Group[] {
  const groups = new Map<string, Map<string, ResourceDefinition[]>>();
  for (const definition of registry.all()) {
    let versions = groups.get(definition.group);
    if (!versions) groups.set(definition.group, (versions = new Map()));
    const resources = versions.get(definition.version);
    if (resources) resources.push(definition);
    else versions.set(definition.version, [definition]);
  }
  return [...groups].map(([name, versions]) => ({
    name,
    versions: [...versions].toSorted(([a], [b]) => compareVersions(a, b)).map(([version, resources]) => ({ version, resources })),
  }));
}

const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** `v2`, `v1`, `v2beta1`, `v1alpha3`, then other names by letter. @see apimachinery version.CompareKubeAwareVersionStrings */
export function compareVersions(left: string, right: string): number {
  const a = VERSION.exec(left);
  const b = VERSION.exec(right);
  if (!a || !b) return a ? -1 : b ? 1 : left < right ? -1 : left > right ? 1 : 0;
  const rank = (match: RegExpExecArray): number => (match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0);
  return rank(b) - rank(a) || Number(b[1]) - Number(a[1]) || Number(b[3] ?? 0) - Number(a[3] ?? 0);
}
