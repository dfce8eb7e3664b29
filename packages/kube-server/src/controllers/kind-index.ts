// SPDX-License-Identifier: Apache-2.0
import type { Endpoint } from "./plane.ts";

/** Which kinds the server has now, built in and by CustomResourceDefinition: what garbage collection and namespace deletion ask. */
export interface KindIndex {
  /** Undefined when no such kind is served. */
  byKind(apiVersion: string, kind: string): (Endpoint & { readonly namespaced: boolean }) | undefined;
  /** By the store's name, `deployments.apps`. */
  byResource(resource: string): (Endpoint & { readonly namespaced: boolean }) | undefined;
  /** Every namespaced kind that can be listed and deleted. */
  namespaced(): readonly Endpoint[];
}
