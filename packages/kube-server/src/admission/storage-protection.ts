// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Admission } from "./admission.ts";

/** Volumes and claims stay while they are used. @see kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection */
export function protectStorage({ object }: Admission): KubeObject {
  const finalizer = object.kind === "PersistentVolume" ? "kubernetes.io/pv-protection" : "kubernetes.io/pvc-protection";
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}
