// SPDX-License-Identifier: Apache-2.0
import type { ApplyVersion, KubeObject, MergeType, Schema, VersionLookup } from "@flux-ts/kube-core";
import { fieldSetOfPaths, mergeTypeOf, trackUpdate } from "@flux-ts/kube-core";
import type { Plane } from "./plane.ts";
import { apiVersionOf, storageKeyOf } from "./registry.ts";
import type { ResourceDefinition } from "./resource.ts";

/** Who writes, as managed fields name it. */
export interface Writer {
  readonly manager: string;
  /** `""` for the main resource. */
  readonly subresource: string;
}

/** The types by which fields are owned, compiled once for each schema. */
export class MergeTypes {
  #types = new WeakMap<Schema, MergeType>();
  #versions = new WeakMap<ResourceDefinition, Map<string, ApplyVersion>>();

  /** How the versions of a resource see each other, for writes through one of its subresources. */
  versionsOf(plane: Plane, definition: ResourceDefinition, subresource: string): VersionLookup {
    return (apiVersion) => {
      const own = apiVersion === apiVersionOf(definition) ? definition : plane.registry.kind(apiVersion, definition.kind);
      if (!own || storageKeyOf(own) !== storageKeyOf(definition)) return undefined;
      return this.#version(plane, own, subresource);
    };
  }

  #version(plane: Plane, definition: ResourceDefinition, subresource: string): ApplyVersion {
    let bySubresource = this.#versions.get(definition);
    if (!bySubresource) this.#versions.set(definition, (bySubresource = new Map()));
    let version = bySubresource.get(subresource);
    if (!version) {
      version = this.#compile(plane, definition, subresource);
      bySubresource.set(subresource, version);
    }
    return version;
  }

  #compile(plane: Plane, definition: ResourceDefinition, subresource: string): ApplyVersion {
    const { schema } = definition;
    let type = this.#types.get(schema);
    if (!type) this.#types.set(schema, (type = mergeTypeOf(schema)));
    // Finalizing writes the spec, as the main resource does.
    const reset = definition.resetFields[subresource === "finalize" ? "" : subresource] ?? [];
    const paths = reset.map((path) => path.map((element) => element.replace(/^f:/, "")));
    const apiVersion = apiVersionOf(definition);
    const convert = (object: KubeObject): KubeObject => {
      if (object.apiVersion === apiVersion) return object;
      const source = plane.registry.kind(object.apiVersion, definition.kind);
      return plane.views.of(definition, source ? plane.views.toStorage(source, object) : object);
    };
    return paths.length > 0 ? { type, resetFields: fieldSetOfPaths(...paths), convert } : { type, convert };
  }
}

/**
 * Books what an update, patch or create changed to its manager.
 * @param before the object as it was; undefined for a create
 */
export function trackWrite(
  plane: Plane,
  definition: ResourceDefinition,
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
): KubeObject {
  return trackUpdate({
    before,
    after,
    manager: writer.manager,
    apiVersion: apiVersionOf(definition),
    versions: plane.mergeTypes.versionsOf(plane, definition, writer.subresource),
    ...(writer.subresource === "" ? {} : { subresource: writer.subresource }),
    empty: definition.zero,
    now: plane.clock.now(),
  });
}
