// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../../error.ts";
import { deepEqual } from "../../json.ts";
import { gvkOf } from "../../object.ts";
import type { KubeObject } from "../../object.ts";
import type { StatusCause } from "../../status.ts";
import type { ApplyConflict } from "./conflicts.ts";
import { conflictCauses, conflictMessage, conflictsOutside } from "./conflicts.ts";
import type { FieldSet } from "./field-set.ts";
import { isSubset, recursiveDifference, sameSet } from "./field-set.ts";
import { allowedByLastApplied, withLastApplied } from "./last-applied.ts";
import type { Manager, Managers } from "./managers.ts";
import { decodeManagers, encodeManagers, managerKey, managerTime, markSeen } from "./managers.ts";
import { mergeValue } from "./merge-value.ts";
import type { MergeType } from "./merge-type.ts";
import { reconcileManagers, takeOver, withoutIdentity } from "./ownership.ts";
import { pruneMerged } from "./prune.ts";
import { trackUpdate } from "./track-update.ts";
import { readFieldSet } from "./field-set-of.ts";
import { fitsType, printTypeProblems, typeProblems } from "./type-problems.ts";
import type { ApplyVersion, VersionLookup } from "./version.ts";
import { managedFieldsOf, withManagedFields, withoutManagedFields } from "./with-managed-fields.ts";

export interface ApplyRequest {
  /** The stored object in the version of the request; undefined: there is none yet. */
  readonly live: KubeObject | undefined;
  /** What is applied, as it was sent. */
  readonly applied: KubeObject;
  readonly manager: string;
  /** Takes the fields of others instead of reporting conflicts. */
  readonly force: boolean;
  /** The version of the request. */
  readonly apiVersion: string;
  /** Every served version, that of the request too. */
  readonly versions: VersionLookup;
  /** `status`, `scale` …; absent: the object itself. */
  readonly subresource?: string | undefined;
  /** What an object of this kind is before anything is set, see `trackUpdate`. */
  readonly empty?: KubeObject | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** How an apply ended. */
export type ApplyOutcome =
  | {
      readonly kind: "applied";
      /** With its `managedFields`. Defaults, validation and the server's own metadata are the caller's. */
      readonly object: KubeObject;
      /** Nothing changed at all: `object` is `live`. */
      readonly isUnchanged: boolean;
    }
  | {
      /** Answered with 409. */
      readonly kind: "conflict";
      readonly conflicts: readonly ApplyConflict[];
      readonly message: string;
      readonly causes: readonly StatusCause[];
    };

/**
 * Server-side apply: merges what is applied into the live object, removes what the manager applied before and does not
 * any more, and keeps the books of who owns which field.
 *
 * `apiVersion`, `kind` and name of `applied` are the caller's to check. Null stays null where it was applied.
 *
 * @throws {KubeCoreError} INVALID_TYPED_OBJECT (the server answers 500): `failed to create typed patch object (ns/name; apps/v1, Kind=Deployment): .spec.x: field not declared in schema`
 * @throws {KubeCoreError} MANAGED_FIELDS_IN_APPLY (400): `metadata.managedFields must be nil`
 * @throws {KubeCoreError} INVALID_FIELD_SET when the live object's managedFields cannot be read
 * @see apimachinery util/managedfields FieldManager.Apply
 */
export function applyConfiguration(request: ApplyRequest): ApplyOutcome {
  const { live, applied, apiVersion, versions } = request;
  const version = versions(apiVersion);
  if (version === undefined)
    throw new KubeCoreError("INVALID_TYPED_OBJECT", `no corresponding type for ${apiVersion}, Kind=${applied.kind}`);
  const managedFields = managedFieldsOf(applied);
  if (managedFields !== undefined && managedFields !== null) {
    throw new KubeCoreError("MANAGED_FIELDS_IN_APPLY", "metadata.managedFields must be nil");
  }
  const start = live ?? emptyObject(applied);
  const managers = managersBefore(start, request, version.type);
  const set = readFieldSet(version.type, applied, false);
  if (set === undefined) throw notTyped(version.type, applied, "failed to create typed patch object", false);
  if (!fitsType(version.type, start, true)) throw notTyped(version.type, start, "failed to create typed live object", true);
  const attempt: Attempt = { request, start, managers, version, set };
  const first = applyOnce(attempt, request.force);
  const result = first.kind === "conflict" && request.manager === "kubectl" ? migrate(first, attempt) : first;
  return result.kind === "conflict" ? result : finish(result, start, request);
}

interface Attempt {
  readonly request: ApplyRequest;
  /** The live object, or an empty one. */
  readonly start: KubeObject;
  readonly managers: Managers;
  readonly version: ApplyVersion;
  /** What the applied object sets. */
  readonly set: FieldSet;
}

function emptyObject({ apiVersion, kind }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata: {} };
}

/** Who owns what before. All that stands in an object nobody tracked is booked to one name at its first apply. */
function managersBefore(
  start: KubeObject,
  { live, apiVersion, versions, subresource, empty, now }: ApplyRequest,
  type: MergeType,
): Managers {
  const managers = decodeManagers(managedFieldsOf(start), versions);
  if (managers.size > 0 || live === undefined) return managers;
  if (!fitsType(type, live, true)) {
    throw notTyped(type, live, "failed to create manager for existing fields: failed to convert new object", true, " to smd typed");
  }
  const tracked = trackUpdate({
    before: undefined,
    after: withoutManagedFields(live),
    manager: "before-first-apply",
    apiVersion,
    versions,
    subresource,
    empty,
    now,
  });
  return decodeManagers(managedFieldsOf(tracked), versions);
}

function notTyped(type: MergeType, object: KubeObject, failure: string, allowsDuplicates: boolean, suffix = ""): KubeCoreError {
  const { group, version, kind } = gvkOf(object);
  // What is no text has no name.
  const [namespace, name] = [object.metadata?.namespace, object.metadata?.name].map((text: unknown) =>
    typeof text === "string" ? text : "",
  );
  const where = `${namespace}/${name}; ${group}/${version}, Kind=${kind}`;
  const problems = printTypeProblems(typeProblems(type, object, allowsDuplicates));
  return new KubeCoreError("INVALID_TYPED_OBJECT", `${failure} (${where})${suffix}: ${problems}`);
}

interface Applied {
  readonly kind: "applied";
  /** Without managedFields; undefined: the live object is as it should be. */
  readonly object: KubeObject | undefined;
  readonly managers: Managers;
  readonly own: string;
}

type Conflicting = Extract<ApplyOutcome, { kind: "conflict" }>;

function applyOnce({ request, start, managers: before, version, set: whole }: Attempt, force: boolean): Applied | Conflicting {
  const { applied, apiVersion, versions, subresource = "" } = request;
  const { type, resetFields } = version;
  const name = request.manager === "" ? "unknown" : request.manager;
  const own = managerKey({ name, operation: "Apply", apiVersion, subresource });
  const reconciled = reconcileManagers(before, versions);
  const previous = reconciled.get(own);
  const allowed = resetFields === undefined ? whole : recursiveDifference(whole, resetFields);
  const owned = withoutIdentity(allowed);
  const set = previous !== undefined && sameSet(previous.set, owned) ? previous.set : owned;
  const manager: Manager = { name, operation: "Apply", apiVersion, subresource, time: previous?.time, set };
  const managers = new Map(reconciled).set(own, manager);
  const bare = withoutManagedFields(start);
  const merged = mergeValue(type, bare, applied) as KubeObject;
  const takesBack = previous !== undefined && (previous.apiVersion !== apiVersion || !isSubset(previous.set, set));
  // What names the object is nobody's, but as long as it is applied it must stay.
  const applier = takesBack ? new Map(managers).set(own, { ...manager, set: allowed }) : managers;
  const object = takesBack ? pruneMerged(merged, previous, applier, apiVersion, versions) : merged;
  const isAlone = managers.size === 1 || object === bare;
  const taken = isAlone ? { conflicts: [], managers } : takeOver(bare, object, managers, own, apiVersion, versions);
  if (!force && taken.conflicts.length > 0) return conflicting(taken.conflicts);
  const isSame = request.live !== undefined && (object === bare || deepEqual(object, bare));
  return { kind: "applied", object: isSame ? undefined : object, managers: taken.managers, own };
}

function conflicting(conflicts: readonly ApplyConflict[]): Conflicting {
  return { kind: "conflict", conflicts, message: conflictMessage(conflicts), causes: conflictCauses(conflicts) };
}

/** Fields that kubectl applied on the client's side, by the annotation, are kubectl's already. */
function migrate(first: Conflicting, attempt: Attempt): Applied | Conflicting {
  const { start, version, request } = attempt;
  const allowed = allowedByLastApplied(start, version.type, request.apiVersion);
  if (allowed === undefined) return first;
  const remaining = conflictsOutside(first.conflicts, allowed);
  return remaining.length > 0 ? conflicting(remaining) : applyOnce(attempt, true);
}

function finish({ object, managers, own }: Applied, start: KubeObject, request: ApplyRequest): ApplyOutcome {
  const { live, applied, now } = request;
  const manager = managers.get(own);
  const timed =
    object === undefined || manager === undefined
      ? managers
      : new Map(managers).set(own, { ...manager, time: managerTime(now) } satisfies Manager);
  const entries = encodeManagers(timed, managedFieldsOf(start));
  markSeen(entries, request.versions);
  const result = withManagedFields(object ?? start, entries);
  const complete = request.manager === "kubectl" ? withLastApplied(result, applied) : result;
  const isUnchanged = live !== undefined && complete === live;
  return { kind: "applied", object: complete, isUnchanged };
}
