// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import { KUSTOMIZE_GROUP } from "@flux-ts/flux-api";
import type { Owner, StringMap } from "@flux-ts/toolkit/apply";
import { ownerLabels } from "@flux-ts/toolkit/apply";
import type { KustomizationContext } from "./types.ts";

/** The field manager that a takeover from Flux depends on. */
export const COMPONENT = "kustomize-controller";

export const owner: Owner = { fieldManager: COMPONENT, group: KUSTOMIZE_GROUP };

/** The labels of every object that a Kustomization applies. */
export function labelsOf(ks: Kustomization): StringMap {
  return ownerLabels(owner, ks.metadata.name ?? "", ks.metadata.namespace ?? "");
}

/** The ServiceAccount in whose name objects are applied; undefined: the controller's own. */
export function serviceAccountOf(ks: Kustomization, ctx: KustomizationContext): string | undefined {
  return ks.spec.serviceAccountName || ctx.options.defaultServiceAccount || undefined;
}
