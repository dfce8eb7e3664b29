// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, OwnerReference } from "@flux-ts/kube-core";
import type { KindIndex } from "./kind-index.ts";
import type { PlaneController } from "./loop.ts";
import { isDeleting } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { keyOf } from "./plane.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

/**
 * Deletes what has lost its last owner, and serves deletion in the foreground and with orphaning.
 * Keys are `resource|key of the store`, since it looks at objects of every kind.
 *
 * @see kube-controller-manager garbagecollector
 */
export function garbageCollector(kinds: KindIndex): PlaneController {
  /** By the uid of an owner: the keys of what names it. */
  const dependents = new Map<string, Set<string>>();

  const index = (key: string, before: KubeObject | undefined, after: KubeObject | undefined): void => {
    for (const { uid } of before?.metadata.ownerReferences ?? []) dependents.get(uid)?.delete(key);
    for (const { uid } of after?.metadata.ownerReferences ?? []) {
      let keys = dependents.get(uid);
      if (keys === undefined) dependents.set(uid, (keys = new Set()));
      keys.add(key);
    }
  };

  return {
    name: "garbage-collector",
    watches: {
      "*": (change) => {
        const key = `${change.resource}|${change.key}`;
        const isGone = change.type === "DELETED";
        index(key, change.previous, isGone ? undefined : change.object);
        const { uid = "", ownerReferences = [] } = change.object.metadata;
        const own = [...(dependents.get(uid) ?? [])];
        if (isGone) {
          dependents.delete(uid);
          // Owners that wait for their dependents look again.
          return [...own, ...ownerReferences.flatMap((owner) => ownerKeys(kinds, change.object, owner))];
        }
        const waits = isDeleting(change.object) && finalizersOf(change.object).some((one) => one === FOREGROUND || one === ORPHAN);
        return ownerReferences.length > 0 || waits ? [key, ...(waits ? own : [])] : [];
      },
    },
    reconcile: async (key, plane) => {
      const bar = key.indexOf("|");
      const resource = key.slice(0, bar);
      const object = plane.store.get(resource, key.slice(bar + 1));
      const kind = kinds.byResource(resource);
      if (object === undefined || kind === undefined) return;
      const finalizers = finalizersOf(object);
      const own = [...(dependents.get(object.metadata.uid ?? "") ?? [])];
      if (isDeleting(object) && finalizers.includes(ORPHAN)) {
        for (const dependent of own) await dropOwners(plane, kinds, dependent, new Set([object.metadata.uid ?? ""]));
        await dropFinalizer(plane, kinds, resource, object, ORPHAN);
      } else if (isDeleting(object) && finalizers.includes(FOREGROUND)) {
        await deleteDependents(plane, kinds, object, own);
        if (!own.some((dependent) => blocks(plane, dependent, object))) await dropFinalizer(plane, kinds, resource, object, FOREGROUND);
      } else if (!isDeleting(object) && (object.metadata.ownerReferences ?? []).length > 0) {
        await collect(plane, kinds, key, object);
      }
    },
  };
}

function finalizersOf(object: KubeObject): readonly string[] {
  return object.metadata.finalizers ?? [];
}

function ownerKeys(kinds: KindIndex, object: KubeObject, owner: OwnerReference): readonly string[] {
  const kind = kinds.byKind(owner.apiVersion, owner.kind);
  return kind === undefined ? [] : [`${kind.resource}|${keyOf(kind.namespaced ? object.metadata.namespace : undefined, owner.name)}`];
}

function lookup(plane: Plane, key: string): KubeObject | undefined {
  const bar = key.indexOf("|");
  return plane.store.get(key.slice(0, bar), key.slice(bar + 1));
}

/** An owner that is there under that very uid. A kind that the server does not have (yet) counts as there: better to keep than to lose. */
function ownerState(plane: Plane, kinds: KindIndex, object: KubeObject, owner: OwnerReference): "there" | "absent" | "deleting dependents" {
  const [key] = ownerKeys(kinds, object, owner);
  if (key === undefined) return "there";
  const found = lookup(plane, key);
  if (found === undefined || found.metadata.uid !== owner.uid) return "absent";
  return isDeleting(found) && finalizersOf(found).includes(FOREGROUND) ? "deleting dependents" : "there";
}

async function collect(plane: Plane, kinds: KindIndex, key: string, object: KubeObject): Promise<void> {
  const owners = object.metadata.ownerReferences ?? [];
  const states = owners.map((owner) => ownerState(plane, kinds, object, owner));
  if (states.includes("there")) {
    const gone = owners.filter((_, index) => states[index] !== "there").map((owner) => owner.uid);
    if (gone.length > 0) await dropOwners(plane, kinds, key, new Set(gone));
    return;
  }
  const kind = kinds.byResource(key.slice(0, key.indexOf("|")));
  if (kind === undefined) return;
  const finalizers = finalizersOf(object);
  const propagationPolicy =
    states.includes("deleting dependents") || finalizers.includes(FOREGROUND)
      ? "Foreground"
      : finalizers.includes(ORPHAN)
        ? "Orphan"
        : "Background";
  await plane.delete(kind, object, { propagationPolicy });
}

async function deleteDependents(plane: Plane, kinds: KindIndex, owner: KubeObject, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const object = lookup(plane, key);
    if (object === undefined || isDeleting(object)) continue;
    const others = (object.metadata.ownerReferences ?? []).filter((one) => one.uid !== owner.metadata.uid);
    if (others.some((other) => ownerState(plane, kinds, object, other) === "there")) {
      await dropOwners(plane, kinds, key, new Set([owner.metadata.uid ?? ""]));
    } else {
      const kind = kinds.byResource(key.slice(0, key.indexOf("|")));
      if (kind !== undefined) await plane.delete(kind, object, { propagationPolicy: "Foreground" });
    }
  }
}

/** Whether a dependent holds up the deletion of its owner. */
function blocks(plane: Plane, key: string, owner: KubeObject): boolean {
  const references = lookup(plane, key)?.metadata.ownerReferences ?? [];
  return references.some((reference) => reference.uid === owner.metadata.uid && reference.blockOwnerDeletion === true);
}

async function dropOwners(plane: Plane, kinds: KindIndex, key: string, uids: ReadonlySet<string>): Promise<void> {
  const object = lookup(plane, key);
  const kind = kinds.byResource(key.slice(0, key.indexOf("|")));
  if (object === undefined || kind === undefined) return;
  const left = (object.metadata.ownerReferences ?? []).filter((owner) => !uids.has(owner.uid));
  const { uid, namespace, name = "" } = object.metadata;
  await plane.mergePatch(kind, namespace, name, { metadata: { uid, ownerReferences: left.length === 0 ? null : left } });
}

async function dropFinalizer(plane: Plane, kinds: KindIndex, resource: string, object: KubeObject, finalizer: string): Promise<void> {
  const kind = kinds.byResource(resource);
  if (kind === undefined) return;
  const left = finalizersOf(object).filter((one) => one !== finalizer);
  const { resourceVersion, namespace, name = "" } = object.metadata;
  await plane.mergePatch(kind, namespace, name, { metadata: { resourceVersion, finalizers: left.length === 0 ? null : left } });
}
