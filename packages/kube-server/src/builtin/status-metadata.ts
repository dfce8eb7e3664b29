// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

/** For kinds whose `/status` changes nothing but the status. @see apimachinery meta/v1 ResetObjectMetaForStatus */
export function keepMetadata(object: KubeObject, old: KubeObject): KubeObject {
  const { resourceVersion, managedFields } = object.metadata;
  return {
    ...object,
    metadata: {
      ...old.metadata,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(managedFields === undefined ? {} : { managedFields }),
    },
  };
}
