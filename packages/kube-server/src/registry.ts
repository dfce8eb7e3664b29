// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { toApiVersion } from "@flux-ts/kube-core";
import type { ResourceDefinition } from "./resource.ts";
import { qualified } from "./status-errors.ts";

/** `deployments.apps`: where the objects of a resource are kept. */
export function storageKeyOf(definition: ResourceDefinition): string {
  return definition.storageKey ?? qualified({ group: definition.group, name: definition.plural });
}

export function apiVersionOf(definition: ResourceDefinition): string {
  return toApiVersion(definition.group, definition.version);
}

/** `namespace/name`, or `name`: the key within a resource. */
export function objectKey(definition: ResourceDefinition, namespace: string, name: string): string {
  return definition.namespaced ? `${namespace}/${name}` : name;
}

/** Every resource that is served: the built-in ones, and those of CustomResourceDefinitions as they come and go. */
export class Registry {
  #byPath = new Map<string, ResourceDefinition>();
  #byKind = new Map<string, ResourceDefinition>();
  #builtins: readonly ResourceDefinition[];
  #custom = new Map<string, readonly ResourceDefinition[]>();
  #generation = 0;
  #onRemoved = new Map<ResourceDefinition, Set<() => void>>();

  constructor(builtins: readonly ResourceDefinition[]) {
    this.#builtins = builtins;
    this.#index();
  }

  /** Grows by one with every change: what was derived from an earlier one is stale. */
  get generation(): number {
    return this.#generation;
  }

  resource(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  kind(apiVersion: string, kind: string): ResourceDefinition | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  /** Built-in resources first, then custom ones by the name of their definition. */
  all(): readonly ResourceDefinition[] {
    return [...this.#byPath.values()];
  }

  isBuiltinGroup(group: string): boolean {
    return this.#builtins.some((definition) => definition.group === group);
  }

  /** Replaces what the definition of this name serves; an empty list takes it away. */
  setCustom(name: string, definitions: readonly ResourceDefinition[]): void {
    if (definitions.length === 0) this.#custom.delete(name);
    else this.#custom.set(name, definitions);
    this.#index();
    for (const [definition, callbacks] of this.#onRemoved) {
      if (this.resource(definition.group, definition.version, definition.plural) === definition) continue;
      this.#onRemoved.delete(definition);
      for (const callback of callbacks) callback();
    }
  }

  /** Calls once when this very definition is no longer served: replaced or gone. The returned function forgets it. */
  onRemoved(definition: ResourceDefinition, callback: () => void): () => void {
    let callbacks = this.#onRemoved.get(definition);
    if (!callbacks) this.#onRemoved.set(definition, (callbacks = new Set()));
    callbacks.add(callback);
    return () => {
      callbacks.delete(callback);
      if (callbacks.size === 0) this.#onRemoved.delete(definition);
    };
  }

  #index(): void {
    this.#generation++;
    this.#byPath = new Map();
    this.#byKind = new Map();
    const custom = [...this.#custom.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, definitions]) => definitions);
    for (const definition of [...this.#builtins, ...custom]) {
      const path = `${definition.group}/${definition.version}/${definition.plural}`;
      if (this.#byPath.has(path)) continue;
      this.#byPath.set(path, definition);
      const kind = `${apiVersionOf(definition)}/${definition.kind}`;
      if (!this.#byKind.has(kind)) this.#byKind.set(kind, definition);
    }
  }
}

/**
 * Objects as a version shows them. A view is made once for each object and version, so that equal objects stay
 * identical and their encoding can be kept beside them.
 */
export class Views {
  #views = new WeakMap<ResourceDefinition, WeakMap<KubeObject, KubeObject>>();

  /** The stored object in the version of the definition. */
  of(definition: ResourceDefinition, stored: KubeObject): KubeObject {
    const read = definition.convert?.fromStorage;
    const apiVersion = apiVersionOf(definition);
    if (!read) {
      if (stored.apiVersion === apiVersion) return stored;
    }
    let views = this.#views.get(definition);
    if (!views) this.#views.set(definition, (views = new WeakMap()));
    let view = views.get(stored);
    if (!view) {
      view = read ? read(stored) : { ...stored, apiVersion };
      views.set(stored, view);
    }
    return view;
  }

  /** What is kept of an object of this version. */
  toStorage(definition: ResourceDefinition, object: KubeObject): KubeObject {
    if (definition.convert) return definition.convert.toStorage(object);
    const apiVersion = toApiVersion(definition.group, definition.storageVersion);
    return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
  }
}
