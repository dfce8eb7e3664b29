// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { computeStatus } from "@flux-ts/kube-core";
import type { Finding } from "../finding.ts";
import { found, NOTHING, subjectOf } from "../finding.ts";
import { conditionOf, conditionsOf } from "../read-object.ts";
import type { Inspect, Walk } from "../walk.ts";
import { notFound } from "./missing.ts";
import { terminating } from "./terminating.ts";

/** Conditions that tell of trouble, of kinds whose health says nothing of it. */
const MUST_BE_TRUE: ReadonlyMap<string, readonly string[]> = new Map([
  ["HorizontalPodAutoscaler", ["AbleToScale", "ScalingActive"]],
  ["APIService", ["Available"]],
  ["CustomResourceDefinition", ["NamesAccepted", "Established"]],
]);

/** An object of any kind, by what it says of itself. */
export const inspectGeneric: Inspect = (ref, walk) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "health", undefined)] };
  const findings = genericFindings(look.object, ref, walk);
  return {
    findings,
    links: findings.length > 0 ? [] : [{ stage: "health", state: "ok", object: subjectOf(ref), text: "as it should be" }],
  };
};

export function genericFindings(object: KubeObject, ref: ObjectRef, walk: Walk): readonly Finding[] {
  const gone = terminating(object, ref, "health", walk);
  if (gone.length > 0) return gone;
  const needed = (MUST_BE_TRUE.get(ref.kind) ?? [])
    .map((type) => conditionOf(object, type))
    .find((condition) => condition?.status === "False");
  if (needed !== undefined) {
    const { type, status, reason, message } = needed;
    return [found({ stage: "health", ref, reason, message, condition: { type, status } })];
  }
  const status = computeStatus(object, { now: walk.now, waitForJobs: true });
  if (status.status === "Current") return [];
  const telling = conditionsOf(object).find(
    ({ type, status: state }) => (type === "Stalled" && state === "True") || (type === "Ready" && state !== "True"),
  );
  const warning = walk.warningOf(ref);
  return [
    found({
      weight: status.status === "InProgress" && telling === undefined && warning === undefined ? "hold" : "failure",
      stage: "health",
      ref,
      reason: telling?.reason || warning?.reason || status.condition?.reason || status.status,
      message: telling?.message || warning?.message || status.message,
      ...(telling === undefined ? {} : { condition: { type: telling.type, status: telling.status } }),
    }),
  ];
}
