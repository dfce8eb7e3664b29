// SPDX-License-Identifier: Apache-2.0
import { formatLabelSelector, isJsonObject, labelSelectorOf, matchesLabels } from "@flux-ts/kube-core";
import type { KubeObject } from "@flux-ts/kube-core";
import { after, found, NOTHING, subjectOf } from "../finding.ts";
import { refTo } from "../kinds.ts";
import { conditionOf, numberAt, textAt, valueAt } from "../read-object.ts";
import type { Inspect } from "../walk.ts";
import { keyOf } from "../walk.ts";
import { genericFindings } from "./generic.ts";
import { notFound } from "./missing.ts";
import { scaledToZero } from "./standing.ts";

/** A Service: whether it has an address, and pods that answer. */
export const inspectService: Inspect = (ref, walk, path) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "apply", undefined)] };
  const own = genericFindings(look.object, ref, walk);
  const selector = valueAt(look.object, "spec", "selector");
  if (own.length > 0 || !isJsonObject(selector) || Object.keys(selector).length === 0) return { links: [], findings: own };
  const scope = ref.namespace === undefined ? {} : { namespace: ref.namespace };
  const labels = labelSelectorOf({ matchLabels: selector as Readonly<Record<string, string>> });
  const pods = walk.list({ apiVersion: "v1", kind: "Pod" }, { ...scope, labelSelector: formatLabelSelector(labels) });
  if (pods === undefined || pods.some((pod) => conditionOf(pod, "Ready")?.status === "True")) return NOTHING;
  const here = [...path, keyOf(ref)];
  const step = { stage: "pods", state: "failed", object: subjectOf(ref), text: "no pod of it is ready" } as const;
  const deployments = (walk.list({ apiVersion: "apps/v1", kind: "Deployment" }, scope) ?? []).filter((each) =>
    matchesLabels(labels, templateLabels(each)),
  );
  const findings = deployments.flatMap((each) => {
    const its = refTo("Deployment", each.metadata.namespace, each.metadata.name ?? "");
    return numberAt(each, "spec", "replicas") === 0 ? [scaledToZero(its)] : walk.inspect(its, here).findings;
  });
  const message = pods.length === 0 ? "no pod has the labels that it selects" : "no pod of it is ready";
  return { links: [], findings: [...after([step], findings), found({ stage: "pods", ref, reason: "NoEndpoints", message })] };
};

function templateLabels(deployment: KubeObject): Readonly<Record<string, string>> {
  const labels = valueAt(deployment, "spec", "template", "metadata", "labels");
  if (!isJsonObject(labels)) return {};
  return Object.fromEntries(Object.keys(labels).map((key) => [key, textAt(labels, key)]));
}
