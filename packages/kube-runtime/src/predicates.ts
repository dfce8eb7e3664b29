// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Predicate } from "./controller.ts";

const requestedAt = "reconcile.fluxcd.io/requestedAt";

/** The spec changed, or the object came or went. */
export const generationChanged: Predicate = (before, after) =>
  before?.metadata.generation !== after?.metadata.generation || isNewOrGone(before, after);

/**
 * Somebody asked for a reconcile: the annotation `reconcile.fluxcd.io/requestedAt` has another value. One that was
 * removed asks for nothing.
 *
 * @see fluxcd/pkg runtime/predicates ReconcileRequestedPredicate
 */
export const reconcileRequested: Predicate = (before, after) => {
  const asked = after?.metadata.annotations?.[requestedAt];
  return before !== undefined && asked !== undefined && asked !== before.metadata.annotations?.[requestedAt];
};

/** Anything changed at all. */
export const resourceVersionChanged: Predicate = (before, after) =>
  before?.metadata.resourceVersion !== after?.metadata.resourceVersion || isNewOrGone(before, after);

/** What `pick` takes out of the object has another value (compared with `Object.is`). */
export function changed(pick: (object: KubeObject) => unknown): Predicate {
  return (before, after) => !Object.is(before && pick(before), after && pick(after));
}

/** At least one of them says so. */
export function either(...predicates: readonly Predicate[]): Predicate {
  return (before, after) => predicates.some((predicate) => predicate(before, after));
}

/** All of them say so. */
export function both(...predicates: readonly Predicate[]): Predicate {
  return (before, after) => predicates.every((predicate) => predicate(before, after));
}

function isNewOrGone(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  return (before === undefined) !== (after === undefined);
}
