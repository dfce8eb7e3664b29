// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject, PrinterColumn, ScalePaths, Schema } from "@flux-ts/kube-core";

/** @see apiextensions/v1 CustomResourceDefinitionNames */
export interface CrdNames {
  readonly plural: string;
  readonly singular?: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** @see apiextensions/v1 CustomResourceDefinitionVersion */
export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: Schema };
  readonly subresources?: { readonly status?: object; readonly scale?: ScalePaths };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface CrdSpec {
  readonly group: string;
  readonly names: CrdNames;
  readonly scope: "Namespaced" | "Cluster";
  readonly versions: readonly CrdVersion[];
}

export interface CrdStatus {
  readonly conditions?: readonly Condition[] | null;
  readonly acceptedNames?: CrdNames;
  readonly storedVersions?: readonly string[] | null;
}

/** A CustomResourceDefinition that has passed validation. */
export interface Crd extends KubeObject {
  readonly spec: CrdSpec;
  readonly status?: CrdStatus;
}

export const CRD_RESOURCE = "customresourcedefinitions.apiextensions.k8s.io";
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

export function asCrd(object: KubeObject): Crd {
  return object as Crd; // what is stored under CRD_RESOURCE passed its validation
}

export function isConditionTrue(crd: Crd, type: string): boolean {
  return (crd.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === "True");
}
