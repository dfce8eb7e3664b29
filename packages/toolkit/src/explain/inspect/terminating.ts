// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Stage } from "../explanation.ts";
import type { Finding } from "../finding.ts";
import { formatSubject, found } from "../finding.ts";
import { conditionsOf, timeAt } from "../read-object.ts";
import type { Walk } from "../walk.ts";

/** A deletion that takes longer than this is stuck. */
const LONG_MS = 60_000;

/** An object that is being deleted: since when, and what holds it. */
export function terminating(object: KubeObject, ref: ObjectRef, stage: Stage, walk: Walk): readonly Finding[] {
  const since = timeAt(object, "metadata", "deletionTimestamp");
  if (since === undefined) return [];
  const { finalizers = [] } = object.metadata;
  const remaining = conditionsOf(object)
    .filter(({ type, status }) => type.startsWith("Namespace") && status === "True")
    .map(({ message }) => message);
  const held = [...(finalizers.length === 0 ? [] : [`finalizers: ${finalizers.join(", ")}`]), ...remaining];
  const isLong = walk.now - since >= LONG_MS;
  return [
    found({
      weight: isLong ? "failure" : "hold",
      stage,
      ref,
      reason: "Terminating",
      message: `${formatSubject(ref)} is being deleted${held.length === 0 ? "" : `, and held by ${held.join("; ")}`}`,
    }),
  ];
}
