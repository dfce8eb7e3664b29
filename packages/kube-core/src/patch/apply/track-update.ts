// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { isJsonObject } from "../../json-object.ts";
import { capUpdateManagers } from "./cap-managers.ts";
import { changedPaths } from "./compare.ts";
import { isEmptySet, recursiveDifference, union } from "./field-set.ts";
import type { Manager, Managers } from "./managers.ts";
import { decodeManagers, encodeManagers, managerKey, managerTime, markSeen } from "./managers.ts";
import { reconcileManagers, takeOver, withoutIdentity } from "./ownership.ts";
import { fitsType } from "./type-problems.ts";
import type { VersionLookup } from "./version.ts";
import { managedFieldsOf, withManagedFields, withoutManagedFields } from "./with-managed-fields.ts";

export interface UpdateRequest {
  /** The stored object in the version of the request; undefined: this creates it. */
  readonly before: KubeObject | undefined;
  /** What is about to be stored: decoded and defaulted, with the managedFields that the client sent. */
  readonly after: KubeObject;
  readonly manager: string;
  readonly apiVersion: string;
  /** Every served version, that of the request too. */
  readonly versions: VersionLookup;
  /** `status`, `scale` …: managedFields in the request then count for nothing. */
  readonly subresource?: string | undefined;
  /** What an object of this kind is before anything is set: fields that are always written (Go's structs) are nobody's. */
  readonly empty?: KubeObject | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Keeps the books of a create, update or patch that is no apply: what it changed is the manager's from now on and nobody
 * else's, what it removed is nobody's.
 *
 * An object whose managers are not tracked (its managedFields were reset) stays so until it is applied. Managed fields
 * that the client sends are honoured, unless they cannot be read.
 *
 * @returns `after` with its managedFields; without any when its books cannot be kept
 * @see apimachinery util/managedfields FieldManager.UpdateNoErrors
 */
export function trackUpdate(request: UpdateRequest): KubeObject {
  const { before, after, manager, apiVersion, versions, subresource = "", now } = request;
  const version = versions(apiVersion);
  const bare = withoutManagedFields(after);
  if (version === undefined) return bare;
  const sent = before === undefined ? undefined : managedFieldsOf(after);
  const decoded = managersOf(before, sent, subresource !== "", versions);
  const isTracked = before === undefined || decoded.size > 0;
  if (!isTracked) return bare;
  const name = manager === "" ? "unknown" : manager;
  const own = managerKey({ name, operation: "Update", apiVersion, subresource });
  const start = before === undefined ? (request.empty ?? emptyObject(after)) : withoutManagedFields(before);
  if (!fitsType(version.type, bare, true) || (before !== undefined && !fitsType(version.type, before, true))) return bare;
  const reconciled = reconcileManagers(decoded, versions);
  const { comparison, managers } = takeOver(start, bare, reconciled, undefined, apiVersion, versions);
  const changed = changedPaths(comparison);
  const allowed = version.resetFields === undefined ? changed : recursiveDifference(changed, version.resetFields);
  const set = withoutIdentity(allowed);
  const updated = isEmptySet(set)
    ? managers
    : book(managers, own, { name, operation: "Update", apiVersion, subresource, time: managerTime(now), set });
  const entries = encodeManagers(capUpdateManagers(updated), managedFieldsOf(before));
  markSeen(entries, versions);
  return withManagedFields(after, entries);
}

function emptyObject({ apiVersion, kind }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata: {} };
}

function book(managers: Managers, own: string, entry: Manager): Managers {
  const previous = managers.get(own);
  return new Map(managers).set(own, previous === undefined ? entry : { ...entry, set: union(entry.set, previous.set) });
}

/** What the client sent counts, then what is stored. Sending `[]` or `[{}]` empties the books. */
function managersOf(before: KubeObject | undefined, sent: unknown, isSubresource: boolean, versions: VersionLookup): Managers {
  const stored = (): Managers => tryDecode(managedFieldsOf(before), versions) ?? new Map();
  if (isSubresource) return stored();
  if (isReset(sent)) return new Map();
  const decoded = tryDecode(sent, versions);
  return decoded === undefined || decoded.size === 0 ? stored() : decoded;
}

function isReset(sent: unknown): boolean {
  if (!Array.isArray(sent) || sent.length > 1) return false;
  const entry: unknown = sent[0];
  return sent.length === 0 || (isJsonObject(entry) && Object.keys(entry).length === 0);
}

function tryDecode(entries: unknown, versions: VersionLookup): Managers | undefined {
  try {
    return decodeManagers(entries, versions);
  } catch {
    return undefined;
  }
}
