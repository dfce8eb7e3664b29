// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Change } from "../store/change.ts";
import { controllerOf } from "./objects.ts";
import type { StoreReader } from "./plane.ts";

/** Stands for the owner of those that have none. */
const NONE = "";

/** Which objects of a resource which owner controls: without looking through all of a namespace for each look of a controller. */
export class OwnerIndex {
  readonly #store: StoreReader;
  /** By resource, then by namespace and owner: keys of the store. */
  readonly #tables = new Map<string, Map<string, Set<string>>>();
  readonly #subscriptions: (() => void)[] = [];

  constructor(store: StoreReader, resources: readonly string[]) {
    this.#store = store;
    for (const resource of resources) {
      const table = new Map<string, Set<string>>();
      this.#tables.set(resource, table);
      for (const object of store.page(resource, "").objects) add(table, object);
      this.#subscriptions.push(store.subscribe(resource, (change) => follow(table, change)));
    }
  }

  close(): void {
    for (const end of this.#subscriptions) end();
  }

  /**
   * What the owner of this kind and name controls, in key order; its uid is not looked at. Without an owner: what nothing controls.
   * Undefined for a resource that is not indexed.
   */
  controlled(
    resource: string,
    namespace: string,
    owner?: { readonly kind: string; readonly name: string },
  ): readonly KubeObject[] | undefined {
    const table = this.#tables.get(resource);
    if (table === undefined) return undefined;
    const keys = table.get(slotOf(namespace, owner)) ?? [];
    return [...keys].toSorted().flatMap((key) => this.#store.get(resource, key) ?? []);
  }
}

function slotOf(namespace: string, owner: { readonly kind: string; readonly name: string } | undefined): string {
  return `${namespace}/${owner === undefined ? NONE : `${owner.kind}/${owner.name}`}`;
}

function placeOf({ metadata }: KubeObject, owner: ReturnType<typeof controllerOf>): { readonly slot: string; readonly key: string } {
  const { namespace = "", name = "" } = metadata;
  return { slot: slotOf(namespace, owner), key: `${namespace}/${name}` };
}

function add(table: Map<string, Set<string>>, object: KubeObject): void {
  const { slot, key } = placeOf(object, controllerOf(object));
  const keys = table.get(slot) ?? new Set();
  table.set(slot, keys);
  keys.add(key);
}

function follow(table: Map<string, Set<string>>, { type, object, previous }: Change): void {
  const old = previous ?? (type === "DELETED" ? object : undefined);
  if (old !== undefined && type !== "DELETED" && old.metadata.ownerReferences === object.metadata.ownerReferences) return;
  if (old !== undefined) {
    const { slot, key } = placeOf(old, controllerOf(old));
    const keys = table.get(slot);
    keys?.delete(key);
    if (keys?.size === 0) table.delete(slot);
  }
  if (type !== "DELETED") add(table, object);
}
