// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

/** The object's metadata alone. @see apimachinery meta/v1 PartialObjectMetadata */
export function partialMetadata(object: KubeObject, metaVersion: "v1" | "v1beta1"): KubeObject {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${metaVersion}`, metadata: object.metadata };
}
