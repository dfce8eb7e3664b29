// SPDX-License-Identifier: Apache-2.0
import { parseApiVersion } from "@flux-ts/kube-core";
import { isClusterScoped } from "./fieldspecs/cluster-scoped.ts";

/** Group, version and kind; an empty part of a selector selects everything. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What names a resource. `namespace` is empty when none is set; `_non_namespaceable_` for what has none. */
export interface ResourceId extends Gvk {
  readonly name: string;
  readonly namespace: string;
  readonly isClusterScoped: boolean;
}

export const notANamespace = "_non_namespaceable_";

export function resourceId(apiVersion: string, kind: string, name: string, namespace: string): ResourceId {
  const { group, version } = parseApiVersion(apiVersion);
  return { group, version, kind, name, namespace, isClusterScoped: isClusterScoped(apiVersion, kind) };
}

/** The namespace that counts: `default` when none is set, a name that is none for cluster-scoped kinds. */
export function effectiveNamespace(id: ResourceId): string {
  if (id.isClusterScoped) return notANamespace;
  return id.namespace === "" ? "default" : id.namespace;
}

/** Equal exactly when the ids are: group, version, kind, name and effective namespace. */
export function idKey(id: ResourceId): string {
  return `${id.group}\n${id.version}\n${id.kind}\n${id.name}\n${effectiveNamespace(id)}`;
}

/** Whether the selector's parts, where it has any, are those of `gvk`. */
export function isSelected(gvk: Gvk, selector: Gvk): boolean {
  return (
    (selector.group === "" || selector.group === gvk.group) &&
    (selector.version === "" || selector.version === gvk.version) &&
    (selector.kind === "" || selector.kind === gvk.kind)
  );
}

/** As kustomize prints it: `Deployment.v1.apps/name.namespace`. */
export function formatId(id: ResourceId): string {
  const namespace = id.namespace === "" ? "[noNs]" : id.namespace;
  return `${formatGvk(id)}/${id.name === "" ? "[noName]" : id.name}.${namespace}`;
}

export function formatGvk(gvk: Gvk): string {
  const part = (text: string, none: string): string => (text === "" ? none : text);
  return `${part(gvk.kind, "[noKind]")}.${part(gvk.version, "[noVer]")}.${part(gvk.group, "[noGrp]")}`;
}
