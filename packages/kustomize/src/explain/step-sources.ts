// SPDX-License-Identifier: Apache-2.0
import type { Resource } from "../resource.ts";
import type { ResourceMap } from "../resource-map.ts";
import type { FieldOrigin, OriginNode } from "./field-origin.ts";
import { originAt } from "./field-origin.ts";
import type { FieldSource } from "./field-source.ts";
import { constantSource, referenceSource, treeSource } from "./field-source.ts";
import { retrace } from "./retrace.ts";

/** Where a step's values come from in a resource that it has changed or made. */
export type SourceOf = (resource: Resource) => FieldSource;

const unknown: FieldOrigin = { file: undefined, line: undefined, by: "transformer" };

/** Brings the origins of all resources up to their objects: what changed since comes from the step. */
export function settleOrigins(resources: readonly Resource[], sourceOf: SourceOf): void {
  for (const resource of resources) {
    const { trace, object } = resource;
    if (trace?.object === object) continue;
    resource.trace = { object, node: retrace(trace?.object, object, trace?.node, sourceOf(resource)) };
  }
}

/** A step that says its own values: they come from where the old ones at their place came from. */
export function keptSource({ trace }: Resource): FieldSource {
  return trace === undefined ? constantSource(unknown) : treeSource(trace.object, trace.node);
}

/** References follow the names of other resources. */
export function referencesBetween(resources: ResourceMap): SourceOf {
  let byName: Map<string, FieldOrigin> | undefined;
  const originOfName = (name: string): FieldOrigin | undefined => {
    byName ??= new Map(
      resources.list.flatMap((resource) => {
        const node: OriginNode | undefined = resource.trace?.node;
        return node === undefined ? [] : [[resource.name, originAt(node, ["metadata", "name"])] as const];
      }),
    );
    return byName.get(name);
  };
  return (resource) => referenceSource(originOfName, resource.trace?.node.origin ?? unknown);
}
