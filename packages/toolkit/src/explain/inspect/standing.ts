// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Stage } from "../explanation.ts";
import type { Finding } from "../finding.ts";
import { after, formatSubject, found, subjectOf } from "../finding.ts";
import { componentOf, refTo } from "../kinds.ts";
import { conditionOf, conditionsOf, isTrueAt, listAt, numberAt, textAt, timeAt } from "../read-object.ts";
import type { Walk } from "../walk.ts";
import { terminating } from "./terminating.ts";

/** How long a controller may take to notice something before that is a fault. */
const SOON_MS = 60_000;

/** What stands in the way of any object of Flux, before what it does is looked at. */
export function standingOf(object: KubeObject, ref: ObjectRef, stage: Stage, walk: Walk, path: readonly string[]): readonly Finding[] {
  return [
    ...terminating(object, ref, stage, walk),
    ...(object.metadata.deletionTimestamp === undefined ? [] : neglected(object, ref, stage, walk, path)),
    ...(isSuspended(object) ? [suspended(ref, stage)] : isObserved(object) ? [] : neglected(object, ref, stage, walk, path)),
  ];
}

export function isSuspended(object: KubeObject): boolean {
  return (
    isTrueAt(object, "spec", "suspend") || textAt(object, "metadata", "annotations", "source.extensions.fluxcd.io/reconcile") === "disabled"
  );
}

export function suspended(ref: ObjectRef, stage: Stage, weight: Finding["weight"] = "failure"): Finding {
  return found({
    weight,
    stage,
    ref,
    reason: "Suspended",
    message: `${formatSubject(ref)} is suspended: nothing of it changes until it is resumed`,
  });
}

/** Whether some controller has looked at the object as it is now. A failure leaves the status' generation as it was. */
function isObserved(object: KubeObject): boolean {
  const { generation } = object.metadata;
  if (generation === undefined) return true;
  const observed = numberAt(object, "status", "observedGeneration");
  return observed === generation || conditionsOf(object).some(({ observedGeneration }) => observedGeneration === generation);
}

/** Nobody has looked at the object: its controller is asked for. */
export function neglected(object: KubeObject, ref: ObjectRef, stage: Stage, walk: Walk, path: readonly string[]): readonly Finding[] {
  const component = componentOf(ref);
  if (component === undefined) return [];
  const isDeleting = object.metadata.deletionTimestamp !== undefined;
  const isLate = walk.now - changedAt(object) >= SOON_MS;
  if (!isLate) {
    const message = `${formatSubject(ref)} is new or was just changed: ${component} has not looked at it yet`;
    return isDeleting ? [] : [found({ weight: "hold", stage, ref, reason: "Progressing", message })];
  }
  const selector = `app.kubernetes.io/component=${component}`;
  const deployments = walk.list({ apiVersion: "apps/v1", kind: "Deployment" }, { labelSelector: selector });
  const findings = (deployments ?? []).flatMap((deployment) => {
    const its = refTo("Deployment", deployment.metadata.namespace, deployment.metadata.name ?? "");
    if (numberAt(deployment, "spec", "replicas") === 0) return [scaledToZero(its)];
    return walk.inspect(its, path).findings;
  });
  if (isDeleting) return findings;
  const step = { stage, state: "failed", object: subjectOf(ref), text: `${component} has not reconciled it` } as const;
  const message = `${formatSubject(ref)} was changed, and ${component} has not looked at it${deployments?.length === 0 ? `; there is no Deployment of it` : ""}`;
  return [...after([step], findings), found({ stage, ref, reason: "NotReconciled", message })];
}

export function scaledToZero(ref: ObjectRef): Finding {
  return found({ stage: "pods", ref, reason: "ScaledToZero", message: `${formatSubject(ref)} has 0 replicas: none of its pods run` });
}

/** When somebody last changed more than the status. */
function changedAt(object: KubeObject): number {
  const times = listAt(object, "metadata", "managedFields")
    .filter((entry) => textAt(entry, "subresource") === "" && !/-controller$|^gotk-/.test(textAt(entry, "manager")))
    .map((entry) => timeAt(entry, "time") ?? 0);
  return Math.max(timeAt(object, "metadata", "creationTimestamp") ?? 0, ...times);
}

/** A request for a reconcile that nobody took up for long. */
export function isRequestIgnored(object: KubeObject, now: number): boolean {
  const requested = textAt(object, "metadata", "annotations", "reconcile.fluxcd.io/requestedAt");
  if (requested === "" || requested === textAt(object, "status", "lastHandledReconcileAt")) return false;
  return !isProgressing(object) && now - changedAt(object) >= SOON_MS;
}

export function isProgressing(object: KubeObject): boolean {
  return conditionOf(object, "Reconciling")?.status === "True";
}

export function readyOf(object: KubeObject): Condition | undefined {
  return conditionOf(object, "Ready");
}
