// SPDX-License-Identifier: Apache-2.0
import type { ConditionChange, KubeObject } from "@flux-ts/kube-core";
import { setCondition, toTimestamp } from "@flux-ts/kube-core";
import { withMetadata } from "../verbs/write.ts";
import { asCrd, CLEANUP_FINALIZER } from "./crd-types.ts";

/** What deleting a definition makes of it first: marked, held until its objects are gone. @see apiextensions-apiserver registry/customresourcedefinition REST.Delete */
export function markForCleanup(crd: KubeObject, now: number): KubeObject {
  const { finalizers = [], deletionTimestamp, generation = 0 } = crd.metadata;
  if (deletionTimestamp) return crd;
  const terminating: ConditionChange = {
    type: "Terminating",
    status: "True",
    reason: "InstanceDeletionPending",
    message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
  };
  const status = asCrd(crd).status;
  const marked = withMetadata(crd, {
    deletionTimestamp: toTimestamp(now),
    deletionGracePeriodSeconds: 0,
    generation: generation + 1,
    finalizers: finalizers.includes(CLEANUP_FINALIZER) ? finalizers : [...finalizers, CLEANUP_FINALIZER],
  });
  return { ...marked, status: { ...status, conditions: setCondition(status?.conditions ?? [], terminating, now) } };
}
