// SPDX-License-Identifier: Apache-2.0
export * from "./metadata.ts";
export type * from "./event.ts";
export type { Artifact } from "./source/artifact.ts";
export { GitRepository } from "./source/git-repository.ts";
export { Kustomization } from "./kustomize/kustomization.ts";
export type { InventoryEntry, Snapshot } from "./kustomize/kustomization.ts";
export type { HealthCheckExpression } from "./health-check-expression.ts";
export { fluxKinds } from "./kinds.ts";
