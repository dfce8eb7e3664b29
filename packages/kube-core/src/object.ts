// SPDX-License-Identifier: Apache-2.0

/** Any value that JSON can hold. Integers and floats that a JavaScript number would change are `ExactNumber`s (exact-number.ts). */
export type JsonValue = unknown;

/** @see apimachinery meta/v1 OwnerReference */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** One entry of `metadata.managedFields`. `fieldsV1` is the trie of `f:`, `k:`, `v:`, `i:` and `.` keys. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: "Apply" | "Update";
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: "FieldsV1";
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
  readonly subresource?: string;
}

/** @see apimachinery meta/v1 ObjectMeta. Times are RFC 3339 in UTC with whole seconds. */
export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string | null;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** A Kubernetes object of any kind, as it stands in JSON. Never changed in place: every function returns a new one. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** @see apimachinery meta/v1 Condition */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** Group, version and kind. The core group is `""`. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Names one object. `namespace` is absent for cluster-scoped ones. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** `apps/v1`, `Deployment` → group, version and kind; `v1` is the core group. */
export function gvkOf(object: { readonly apiVersion?: string; readonly kind?: string }): GroupVersionKind {
  const { group, version } = parseApiVersion(object.apiVersion ?? "");
  return { group, version, kind: object.kind ?? "" };
}

/** `apps/v1` → `{ group: "apps", version: "v1" }`; `v1` → `{ group: "", version: "v1" }`. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? { group: "", version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The inverse of {@link parseApiVersion}. */
export function toApiVersion(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The reference that names this object. */
export function refOf(object: KubeObject): ObjectRef {
  const { name = "", namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, name, ...(namespace ? { namespace } : {}) };
}
