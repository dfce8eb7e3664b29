// SPDX-License-Identifier: Apache-2.0
import type { Condition, ConditionChange, KubeObject } from "@flux-ts/kube-core";
import { deepEqual, setCondition, toTimestamp } from "@flux-ts/kube-core";
import { compileRules } from "@flux-ts/kube-core/cel";
import { trackWrite } from "../managed-fields.ts";
import type { Plane } from "../plane.ts";
import { withMetadata } from "../verbs/write.ts";
import { acceptNames } from "./accept-names.ts";
import type { Crd, CrdSpec, CrdStatus } from "./crd-types.ts";
import { asCrd, CLEANUP_FINALIZER, CRD_RESOURCE, isConditionTrue } from "./crd-types.ts";
import { definitionsOf } from "./definition.ts";

/** What a definition serves, and from which spec it was made. */
interface Served {
  readonly spec: CrdSpec;
  readonly resource: string;
}

/**
 * Serves what CustomResourceDefinitions describe: accepts their names, establishes them, and clears away the objects of
 * one that is deleted. All within the write of the definition, so that it serves as soon as that is answered.
 */
export class CustomResources {
  readonly #plane: Plane;
  #served = new Map<string, Served>();

  constructor(plane: Plane) {
    this.#plane = plane;
  }

  /** Serves what is stored already, and follows what comes. */
  start(): void {
    const { store } = this.#plane;
    for (const object of store.page(CRD_RESOURCE, "").objects) this.#sync(asCrd(object));
    store.subscribe("*", (change) => {
      if (change.resource === CRD_RESOURCE) {
        if (change.type === "DELETED") this.#remove(change.key);
        else this.#sync(asCrd(change.object));
      } else if (change.type === "DELETED") this.#finishDeletion(change.resource);
    });
  }

  #sync(crd: Crd): void {
    const name = crd.metadata.name ?? "";
    // A later write may have come before this change was told.
    const current = this.#plane.store.get(CRD_RESOURCE, name);
    if (current !== crd) return;
    if (crd.metadata.deletionTimestamp) {
      this.#serve(crd);
      this.#deleteObjects(crd);
      return;
    }
    const settled = this.#accept(crd);
    if (settled !== crd) return; // its own change is told next
    this.#serve(crd);
  }

  /** Writes the conditions and names that the definition should have. */
  #accept(crd: Crd): Crd {
    const { store, clock } = this.#plane;
    const others = store
      .page(CRD_RESOURCE, "")
      .objects.map(asCrd)
      .filter((other) => other.spec.group === crd.spec.group && other.metadata.name !== crd.metadata.name);
    const { names, conflict } = acceptNames(crd, others);
    const condition = (type: string, isTrue: boolean, reason: string, message: string): ConditionChange => ({
      type,
      status: isTrue ? "True" : "False",
      reason,
      message,
    });
    let conditions: readonly Condition[] = crd.status?.conditions ?? [];
    conditions = setCondition(
      conditions,
      conflict
        ? condition("NamesAccepted", false, conflict.reason, conflict.message)
        : condition("NamesAccepted", true, "NoConflicts", "no conflicts found"),
      clock.now(),
    );
    if (!isConditionTrue(crd, "Established")) {
      conditions = setCondition(
        conditions,
        conflict
          ? condition("Established", false, "NotAccepted", "not all names are accepted")
          : condition("Established", true, "InitialNamesAccepted", "the initial names have been accepted"),
        clock.now(),
      );
    }
    return this.#writeStatus(crd, { ...crd.status, conditions, acceptedNames: names });
  }

  #serve(crd: Crd): void {
    const name = crd.metadata.name ?? "";
    if (!isConditionTrue(crd, "Established")) return;
    const spec = crd.spec;
    const before = this.#served.get(name);
    if (before && deepEqual(before.spec, spec)) return;
    this.#served.set(name, { spec, resource: `${spec.names.plural}.${spec.group}` });
    this.#plane.registry.setCustom(name, definitionsOf(crd, compileRules));
  }

  #remove(name: string): void {
    this.#served.delete(name);
    this.#plane.registry.setCustom(name, []);
    // Names that others could not have are free now.
    for (const object of this.#plane.store.page(CRD_RESOURCE, "").objects) {
      if (!isConditionTrue(asCrd(object), "NamesAccepted")) this.#sync(asCrd(object));
    }
  }

  /** Deletes every object of a definition in deletion, and then the definition. */
  #deleteObjects(crd: Crd): void {
    const { store, registry } = this.#plane;
    const resource = `${crd.spec.names.plural}.${crd.spec.group}`;
    const version = crd.spec.versions.find(({ storage }) => storage)?.name ?? "";
    const definition = registry.resource(crd.spec.group, version, crd.spec.names.plural);
    for (const object of store.page(resource, "").objects) this.#deleteObject(resource, object, definition?.namespaced ?? true);
    this.#finishDeletion(resource);
  }

  #deleteObject(resource: string, object: KubeObject, namespaced: boolean): void {
    const { store, clock } = this.#plane;
    const { namespace = "", name = "", finalizers = [], deletionTimestamp, generation = 0 } = object.metadata;
    const key = namespaced ? `${namespace}/${name}` : name;
    if (finalizers.length === 0) store.delete(resource, key);
    else if (!deletionTimestamp) {
      store.put(
        resource,
        key,
        withMetadata(object, { deletionTimestamp: toTimestamp(clock.now()), deletionGracePeriodSeconds: 0, generation: generation + 1 }),
      );
    }
  }

  /** The last object of a resource went: a definition in deletion may go, too. */
  #finishDeletion(resource: string): void {
    const { store } = this.#plane;
    const stored = store.get(CRD_RESOURCE, resource);
    if (!stored?.metadata.deletionTimestamp || store.count(resource) > 0) return;
    const finalizers = (stored.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    if (finalizers.length === 0) store.delete(CRD_RESOURCE, resource);
    else if (finalizers.length !== stored.metadata.finalizers?.length)
      store.put(CRD_RESOURCE, resource, withMetadata(stored, { finalizers }));
  }

  #writeStatus(crd: Crd, status: CrdStatus): Crd {
    if (deepEqual(crd.status, status)) return crd;
    const definition = this.#plane.registry.resource("apiextensions.k8s.io", "v1", "customresourcedefinitions");
    const next: KubeObject = { ...crd, status };
    const tracked = definition
      ? trackWrite(this.#plane, definition, crd, next, { manager: "kube-apiserver", subresource: "status" })
      : next;
    return asCrd(this.#plane.store.put(CRD_RESOURCE, crd.metadata.name ?? "", tracked));
  }
}
