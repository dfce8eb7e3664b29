// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Admission } from "./admission.ts";

const DEFAULT_ANNOTATION = "storageclass.kubernetes.io/is-default-class";
const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** A claim that names no class gets the default one, the newest of several. @see kubernetes plugin/pkg/admission/storage/storageclass/setdefault */
export function setDefaultStorageClass({ plane, object: claim }: Admission): KubeObject {
  const spec = (claim["spec"] ?? {}) as { readonly storageClassName?: string }; // decoded as a claim
  if (spec.storageClassName !== undefined || claim.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return claim;
  const [chosen] = plane.store
    .page("storageclasses.storage.k8s.io", "")
    .objects.filter(({ metadata }) => metadata.annotations?.[DEFAULT_ANNOTATION] === "true")
    .toSorted(
      (a, b) =>
        compare(b.metadata.creationTimestamp ?? "", a.metadata.creationTimestamp ?? "") ||
        compare(a.metadata.name ?? "", b.metadata.name ?? ""),
    );
  return chosen?.metadata.name ? { ...claim, spec: { ...spec, storageClassName: chosen.metadata.name } } : claim;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
