// SPDX-License-Identifier: Apache-2.0
import { conditionList } from "@flux-ts/kube-core";
import { integer, optional, string } from "@flux-ts/kube-core/schema";

/** The fields of every status. */
export const commonStatus = {
  conditions: optional(conditionList()),
  lastHandledReconcileAt: optional(
    string({ description: "The value of the annotation reconcile.fluxcd.io/requestedAt that was last answered." }),
  ),
  observedGeneration: optional(integer({ description: "The generation that was last reconciled.", format: "int64" })),
} as const;

/** What a status is before the first reconcile: it tells kstatus that the object is still in progress. */
export const UNOBSERVED = { observedGeneration: -1 } as const;
