// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { gvkOf, toApiVersion } from "@flux-ts/kube-core";
import { ApplyError } from "./apply-error.ts";

/** Names an object regardless of its version. `namespace` is `""` for cluster-scoped ones. @see cli-utils object.ObjMetadata */
export interface ObjectId {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const RBAC_GROUP = "rbac.authorization.k8s.io";
const RBAC_KINDS: ReadonlySet<string> = new Set(["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"]);

export function idOf(object: KubeObject): ObjectId {
  const { group, kind } = gvkOf(object);
  return { group, kind, namespace: object.metadata.namespace ?? "", name: object.metadata.name ?? "" };
}

/**
 * The id as an inventory holds it: `<namespace>_<name>_<group>_<kind>`, with a leading `_` for cluster-scoped objects
 * and `__` before the kind for the core group. A colon in the names of RBAC objects is written `__`.
 */
export function formatId({ group, kind, namespace, name }: ObjectId): string {
  const written = group === RBAC_GROUP && RBAC_KINDS.has(kind) ? name.replaceAll(":", "__") : name;
  return `${namespace}_${written}_${group}_${kind}`;
}

/** The inverse of {@link formatId}. @throws {ApplyError} BAD_ID */
export function parseId(text: string): ObjectId {
  const first = text.indexOf("_");
  const last = text.lastIndexOf("_");
  const middle = last > first ? text.lastIndexOf("_", last - 1) : -1;
  if (first < 0 || middle <= first) throw new ApplyError("BAD_ID", `unable to parse stored object metadata: ${text}`);
  return {
    namespace: text.slice(0, first),
    name: text.slice(first + 1, middle).replaceAll("__", ":"),
    group: text.slice(middle + 1, last),
    kind: text.slice(last + 1),
  };
}

/** `Kind/namespace/name`, or `Kind/name` for cluster-scoped objects: how events and messages name an object. */
export function subjectOf({ kind, namespace, name }: ObjectId): string {
  return namespace === "" ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

export function subjectOfObject(object: KubeObject): string {
  return subjectOf(idOf(object));
}

/** The reference to the object in a version of its API. */
export function refOfId({ group, kind, namespace, name }: ObjectId, version: string): ObjectRef {
  return { apiVersion: toApiVersion(group, version), kind, name, ...(namespace === "" ? {} : { namespace }) };
}
