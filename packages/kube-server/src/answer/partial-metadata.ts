// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

/** The object's metadata alone. @see apimachinery meta/v1 PartialObjectMetadata */
export function partialMetadata(object: KubeObject, metaVersion: "v1" | "v1beta1"): KubeObject {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${metaVersion}`, metadata: ownMetadata(object) };
}

/** An annotation that apps/v1 shows of DaemonSets is made when the whole object is written. */
const MADE_ANNOTATION = "deprecated.daemonset.template.generation";

function ownMetadata({ kind, metadata }: KubeObject): KubeObject["metadata"] {
  if (kind !== "DaemonSet" || metadata.annotations?.[MADE_ANNOTATION] === undefined) return metadata;
  const { annotations, ...rest } = metadata;
  const { [MADE_ANNOTATION]: _made, ...own } = annotations;
  return Object.keys(own).length > 0 ? { ...rest, annotations: own } : rest;
}
