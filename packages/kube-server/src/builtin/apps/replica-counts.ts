// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { numberAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";

/**
 * Counts in the status of a controller: not negative, and no part is more than the whole.
 *
 * @param parts of `replicas`
 * @param readyName how the ready ones are called in the message about available ones
 */
export function replicaCounts(status: JsonObject, parts: readonly string[], problems: Problems, readyName = "readyReplicas"): void {
  nonNegative(
    status,
    "status",
    problems,
    "replicas",
    ...parts,
    "unavailableReplicas",
    "observedGeneration",
    "terminatingReplicas",
    "collisionCount",
  );
  const count = (name: string): number => numberAt(status, name) ?? 0;
  for (const part of parts)
    if (count(part) > count("replicas")) problems.invalid(`status.${part}`, count(part), "cannot be greater than status.replicas");
  if (count("availableReplicas") > count("readyReplicas")) {
    problems.invalid("status.availableReplicas", count("availableReplicas"), `cannot be greater than ${readyName}`);
  }
}

/** The count of name collisions only grows. */
export function collisionsOnlyGrow(status: JsonObject, old: JsonObject, problems: Problems): void {
  const [now, before] = [numberAt(status, "collisionCount"), numberAt(old, "collisionCount")];
  if (before !== undefined && (now === undefined || now < before))
    problems.invalid("status.collisionCount", now ?? 0, "cannot be decremented");
}
