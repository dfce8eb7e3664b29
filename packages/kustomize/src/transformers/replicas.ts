// SPDX-License-Identifier: Apache-2.0
import { applyFieldSpec, setScalar } from "../fieldspecs/apply-field-spec.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { FieldSpec, Replica } from "../kustomization.ts";
import { formatGvk, isSelected } from "../resource-id.ts";
import type { Transformer } from "./transformer.ts";

/**
 * Sets the replicas of the workloads that have or had a name.
 *
 * @throws {KustomizeError} CANNOT_APPLY when there is none
 * @see kustomize ReplicaCountTransformer
 */
export function setReplicas(replica: Replica, fieldSpecs: readonly FieldSpec[]): Transformer {
  return (resources) => {
    let isFound = false;
    for (const spec of fieldSpecs) {
      for (const resource of resources.list) {
        if (!resource.allIds.some((id) => id.name === replica.name && isSelected(id, spec))) continue;
        isFound = true;
        resource.object = applyFieldSpec(resource.object, spec, setScalar(replica.count), "scalar");
      }
    }
    if (isFound) return;
    throw new KustomizeError(
      "CANNOT_APPLY",
      `resource with name ${replica.name} does not match a config with the following GVK [${fieldSpecs.map(formatGvk).join(" ")}]`,
    );
  };
}
