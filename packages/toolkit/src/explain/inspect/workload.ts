// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, LabelSelectorObject, ObjectRef } from "@flux-ts/kube-core";
import { computeStatus, formatLabelSelector, isJsonObject, labelSelectorOf } from "@flux-ts/kube-core";
import type { Link } from "../explanation.ts";
import type { Finding } from "../finding.ts";
import { after, found, NOTHING, subjectOf } from "../finding.ts";
import { refTo } from "../kinds.ts";
import { conditionsOf, isTrueAt, numberAt, textAt, valueAt } from "../read-object.ts";
import type { Inspect, Walk } from "../walk.ts";
import { keyOf } from "../walk.ts";
import { notFound } from "./missing.ts";
import { terminating } from "./terminating.ts";

/** Of the pods of one workload, so many are looked at. */
const MOST_PODS = 10;

/** What makes pods: a Deployment, StatefulSet, DaemonSet, ReplicaSet or Job. */
export const inspectWorkload: Inspect = (ref, walk, path) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "health", undefined)] };
  const { object } = look;
  const status = computeStatus(object, { now: walk.now, waitForJobs: true });
  const gone = terminating(object, ref, "health", walk);
  if (status.status === "Current" && gone.length === 0) {
    return { links: [{ stage: "health", state: "ok", object: subjectOf(ref), text: status.message || "healthy" }], findings: [] };
  }
  const here = [...path, keyOf(ref)];
  const isNoticed = numberAt(object, "status", "observedGeneration") === object.metadata.generation || ref.kind === "Job";
  const step: Link = { stage: "health", state: "failed", object: subjectOf(ref), text: status.message };
  const pods = isNoticed ? [...podFindings(object, ref, walk, here), ...creationFindings(object, ref, walk)] : [];
  const weight = status.status === "Failed" || pods.length > 0 || !isNoticed ? "failure" : "hold";
  const conditions = conditionsOf(object);
  const failed = conditions.find(({ type, status: state }) => type === "Failed" && state === "True");
  const telling = conditions.find(
    ({ reason, message }) => message === status.message || (reason !== "" && reason === status.condition?.reason),
  );
  const condition = failed ?? telling;
  const paused = isTrueAt(object, "spec", "paused");
  const own = found({
    weight: paused ? "failure" : weight,
    stage: "health",
    ref,
    reason: paused ? "Paused" : isNoticed ? (condition?.reason ?? status.condition?.reason ?? status.status) : "NotReconciled",
    message: paused ? `the rollout is paused: ${status.message}` : (failed?.message ?? status.message),
    ...(condition === undefined ? {} : { condition: { type: condition.type, status: condition.status } }),
  });
  const failures = pods.filter((finding) => finding.weight === "failure");
  const holds = pods.filter((finding) => finding.weight === "hold");
  return { links: [], findings: [...gone, ...after([step], failures), own, ...after([step], holds)] };
};

/** What is wrong with its pods: those of the newest template, each sort of trouble once. */
function podFindings(object: KubeObject, ref: ObjectRef, walk: Walk, here: readonly string[]): readonly Finding[] {
  const owner = ref.kind === "Deployment" ? newestReplicaSet(object, walk) : object;
  const pods = podsOf(object, ref, walk).filter((pod) => owner === undefined || isOwnedBy(pod, owner));
  const seen = new Set<string>();
  return pods
    .toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1))
    .slice(0, MOST_PODS)
    .flatMap((pod) => walk.inspect(refTo("Pod", pod.metadata.namespace, pod.metadata.name ?? ""), here).findings)
    .filter(({ reason, ref: its }) => {
      const key = its.kind === "Pod" ? reason : `${reason} ${keyOf(its)}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

function podsOf(object: KubeObject, { namespace }: ObjectRef, walk: Walk): readonly KubeObject[] {
  const labelSelector = selectorOf(object);
  if (labelSelector === undefined) return [];
  return walk.list({ apiVersion: "v1", kind: "Pod" }, { ...(namespace === undefined ? {} : { namespace }), labelSelector }) ?? [];
}

/** The text of its selector; undefined where there is none that can be read. */
export function selectorOf(object: KubeObject): string | undefined {
  const selector = valueAt(object, "spec", "selector");
  if (!isJsonObject(selector)) return undefined;
  try {
    // The API server has checked it; what it did not, throws here.
    const text = formatLabelSelector(labelSelectorOf(selector as LabelSelectorObject));
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

function newestReplicaSet(deployment: KubeObject, walk: Walk): KubeObject | undefined {
  const labelSelector = selectorOf(deployment);
  if (labelSelector === undefined) return undefined;
  const { namespace } = deployment.metadata;
  const all = walk.list(
    { apiVersion: "apps/v1", kind: "ReplicaSet" },
    { ...(namespace === undefined ? {} : { namespace }), labelSelector },
  );
  const revision = (set: KubeObject): number => Number(textAt(set, "metadata", "annotations", "deployment.kubernetes.io/revision")) || 0;
  return all?.filter((set) => isOwnedBy(set, deployment)).toSorted((a, b) => revision(b) - revision(a))[0];
}

function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);
}

/** Pods that were refused before there were any. */
function creationFindings(object: KubeObject, ref: ObjectRef, walk: Walk): readonly Finding[] {
  const maker = ref.kind === "Deployment" ? newestReplicaSet(object, walk) : object;
  if (maker === undefined) return [];
  const its = refTo(maker.kind === "" ? "ReplicaSet" : maker.kind, maker.metadata.namespace, maker.metadata.name ?? "");
  const makerRef = ref.kind === "Deployment" ? { ...its, kind: "ReplicaSet", apiVersion: "apps/v1" } : ref;
  const wanted = numberAt(maker, "spec", "replicas");
  if (wanted !== undefined && (numberAt(maker, "status", "replicas") ?? 0) >= wanted) return [];
  const failure = conditionsOf(maker).find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  const message = failure?.message ?? walk.warningOf(makerRef, "FailedCreate")?.message;
  if (message === undefined) return [];
  const account = /serviceaccount "([^"]+)" not found/.exec(message)?.[1];
  if (account !== undefined) {
    const target = refTo("ServiceAccount", ref.namespace, account);
    return [notFound(target, "pods", ref), found({ stage: "pods", ref: makerRef, reason: "FailedCreate", message })];
  }
  const condition = failure === undefined ? {} : { condition: { type: failure.type, status: failure.status } };
  return [found({ stage: "pods", ref: makerRef, reason: "FailedCreate", message, ...condition })];
}
