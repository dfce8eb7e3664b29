// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual, toTimestamp } from "@flux-ts/kube-core";
import { IMMORTAL_NAMESPACES } from "../admission/namespace-lifecycle.ts";
import { requireDeletableClass } from "../admission/priority.ts";
import { CRD_RESOURCE } from "../crd/crd-types.ts";
import { markForCleanup } from "../crd/mark-for-cleanup.ts";
import type { Plane } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import type { DeleteOptions, Propagation } from "../request/delete-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { conflict, forbidden } from "../status-errors.ts";
import { gracePeriodSeconds } from "./grace-period.ts";
import { withMetadata } from "./write.ts";

/** What became of an object that was to be deleted, in the version of the definition. */
export interface Deletion {
  /** As it is now, or last was. */
  readonly object: KubeObject;
  readonly isGone: boolean;
}

const GC_FINALIZERS: ReadonlySet<string> = new Set(["orphan", "foregroundDeletion"]);

/**
 * Deletes an object, or marks it when finalizers or grace hold it.
 * @throws {ApiError} 403 for namespaces that must stay, 409 for preconditions that do not hold
 * @see apiserver registry/generic/registry Store.Delete
 */
export function deleteObject(plane: Plane, definition: ResourceDefinition, stored: KubeObject, options: DeleteOptions): Deletion {
  const { name = "", namespace = "" } = stored.metadata;
  requirePreconditions(definition, stored, options);
  const isNamespace = definition.group === "" && definition.plural === "namespaces";
  if (isNamespace && IMMORTAL_NAMESPACES.has(name)) {
    throw forbidden({ group: "", name: "namespaces" }, name, "this namespace may not be deleted");
  }
  if (storageKeyOf(definition) === "priorityclasses.scheduling.k8s.io") requireDeletableClass(name);
  const key = objectKey(definition, namespace, name);
  const resource = storageKeyOf(definition);
  const view = (object: KubeObject): KubeObject => plane.views.of(definition, object);

  if (resource === CRD_RESOURCE) {
    const marked = markForCleanup(stored, plane.clock.now());
    if (options.isDryRun || marked === stored) return { object: view(marked), isGone: false };
    return { object: view(plane.store.put(resource, key, marked)), isGone: false };
  }
  const graceSeconds = gracePeriodSeconds(definition, stored, options.gracePeriodSeconds);
  const finalizers = finalizersFor(stored, options.propagation);
  const isHeld = finalizers.length > 0 || graceSeconds > 0 || (isNamespace && holdsContent(stored));
  if (!isHeld) {
    if (options.isDryRun) return { object: view(stored), isGone: true };
    return { object: view(plane.store.delete(resource, key) ?? stored), isGone: true };
  }
  const marked = mark(plane, definition, stored, finalizers, graceSeconds);
  const next = isNamespace ? markNamespace(marked) : marked;
  if (options.isDryRun || deepEqual(next, stored)) return { object: view(options.isDryRun ? next : stored), isGone: false };
  return { object: view(plane.store.put(resource, key, next)), isGone: false };
}

function markNamespace(marked: KubeObject): KubeObject {
  const status = { ...(marked["status"] as object | undefined), phase: "Terminating" };
  return { ...withMetadata(marked, { deletionGracePeriodSeconds: undefined }), status };
}

/** A namespace has finalizers in its spec: they go when its content is gone. */
function holdsContent(namespace: KubeObject): boolean {
  const spec = namespace["spec"] as { readonly finalizers?: readonly string[] } | undefined; // the namespace's own type
  return (spec?.finalizers ?? []).length > 0;
}

function mark(
  plane: Plane,
  definition: ResourceDefinition,
  stored: KubeObject,
  finalizers: readonly string[],
  graceSeconds: number,
): KubeObject {
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = stored.metadata;
  const kept = finalizers.length > 0 ? finalizers : undefined;
  if (deletionTimestamp) {
    const isShorter = graceSeconds < (deletionGracePeriodSeconds ?? 0);
    const sooner = isShorter
      ? { deletionGracePeriodSeconds: graceSeconds, deletionTimestamp: toTimestamp(plane.clock.now() + 1000 * graceSeconds) }
      : {};
    return withMetadata(stored, { finalizers: kept, ...sooner });
  }
  return withMetadata(stored, {
    finalizers: kept,
    deletionTimestamp: toTimestamp(plane.clock.now() + 1000 * graceSeconds),
    deletionGracePeriodSeconds: graceSeconds,
    ...(definition.hasGeneration ? { generation: (generation ?? 0) + 1 } : {}),
  });
}

/** The finalizers that the garbage collector goes by. @see registry deletionFinalizersForGarbageCollection */
function finalizersFor(stored: KubeObject, propagation: Propagation | undefined): readonly string[] {
  const finalizers = stored.metadata.finalizers ?? [];
  if (propagation === undefined) return finalizers;
  const others = finalizers.filter((finalizer) => !GC_FINALIZERS.has(finalizer));
  switch (propagation) {
    case "Orphan":
      return finalizers.includes("orphan") ? finalizers.filter((finalizer) => finalizer !== "foregroundDeletion") : [...others, "orphan"];
    case "Foreground":
      return finalizers.includes("foregroundDeletion")
        ? finalizers.filter((finalizer) => finalizer !== "orphan")
        : [...others, "foregroundDeletion"];
    case "Background":
      return others;
  }
}

function requirePreconditions(definition: ResourceDefinition, stored: KubeObject, options: DeleteOptions): void {
  const { uid = "", resourceVersion = "", name = "" } = stored.metadata;
  const kind = { group: definition.group, name: definition.kind };
  if (options.uid !== undefined && options.uid !== uid) {
    throw conflict(
      kind,
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    throw conflict(
      kind,
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}
