// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { computeStatus } from "@flux-ts/kube-core";
import { CommandError } from "./command.ts";

/** The fields that tell how far an object is. */
export interface WithStatus extends KubeObject {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly (Condition & { readonly observedGeneration?: number })[];
  };
}

/**
 * Whether an object is ready. One that a controller reconciles is only when its Ready condition is of the present generation;
 * a static one when it says nothing to the contrary.
 *
 * @throws {CommandError} when it will not become ready by itself
 * @see cmd/flux/readiness.go isObjectReady
 */
export function isObjectReady(object: WithStatus, isStatic: boolean): boolean {
  if (!isStatic && !isObserved(object)) return false;
  return isCurrent(object);
}

/**
 * @throws {CommandError} with the message of the object when it has failed
 * @see cli-utils kstatus
 */
export function isCurrent(object: KubeObject): boolean {
  const { status, message } = computeStatus(object);
  if (status === "Current") return true;
  if (status === "InProgress") return false;
  throw new CommandError(message);
}

/** Some kinds do not tell the generation of a condition: then that of the status must do. */
function isObserved({ metadata, status }: WithStatus): boolean {
  const observed = status?.observedGeneration ?? 0;
  if (observed < 1) return false;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready === undefined) return false;
  return (ready.observedGeneration || observed) === (metadata.generation ?? 0);
}
