// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, stringifyJson, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { drop, fill, hasAt, listAt, numberAt, objectAt, objectIn, objectsAt, put, textAt } from "../shape.ts";
import { METRIC_FIELDS } from "./metrics.ts";

const PREFIX = "autoscaling.alpha.kubernetes.io";
const METRICS = `${PREFIX}/metrics`;
const CURRENT = `${PREFIX}/current-metrics`;
const BEHAVIOR = `${PREFIX}/behavior`;
const CONDITIONS = `${PREFIX}/conditions`;
const DEFAULT_SHARE = 80;

/** autoscaling/v2 as autoscaling/v1: one CPU metric is a field, the rest goes into annotations. */
export function toVersion1(object: KubeObject): KubeObject {
  if (object.apiVersion === "autoscaling/v1") return object;
  const [spec, status] = [objectAt(object, "spec"), objectAt(object, "status")];
  const all = objectsAt(spec, "metrics");
  const current = objectsAt(status, "currentMetrics");
  const share = all.filter(isCpuShare).map((entry) => numberAt(objectAt(objectAt(entry, "resource"), "target"), "averageUtilization"))[0];
  const currentShare = current
    .filter((entry) => textAt(objectAt(entry, "resource"), "name") === "cpu")
    .map((entry) => numberAt(objectAt(objectAt(entry, "resource"), "current"), "averageUtilization"))
    .findLast((value) => value !== undefined);
  const rest = all.filter((entry) => !isCpuShare(entry)).map((entry) => metricToOld(entry, "target"));
  const annotations = {
    ...(rest.length > 0 ? { [METRICS]: stringifyJson(rest) } : {}),
    ...(current.length > 0 ? { [CURRENT]: stringifyJson(current.map((entry) => metricToOld(entry, "current"))) } : {}),
    ...(hasAt(spec, "behavior") ? { [BEHAVIOR]: stringifyJson(objectAt(spec, "behavior")) } : {}),
    ...(hasAt(status, "conditions") ? { [CONDITIONS]: stringifyJson(listAt(status, "conditions")) } : {}),
  };
  return {
    ...withAnnotations(object, annotations),
    apiVersion: "autoscaling/v1",
    spec: withNumber(drop(drop(spec, "metrics"), "behavior"), "targetCPUUtilizationPercentage", share),
    status: withNumber(
      drop(drop(fill(status, { currentReplicas: 0, desiredReplicas: 0 }), "currentMetrics"), "conditions"),
      "currentCPUUtilizationPercentage",
      currentShare,
    ),
  };
}

/** autoscaling/v1 as autoscaling/v2. */
export function toVersion2(object: KubeObject): KubeObject {
  if (object.apiVersion === "autoscaling/v2") return object;
  const [spec, status] = [objectAt(object, "spec"), objectAt(object, "status")];
  const share = numberAt(spec, "targetCPUUtilizationPercentage");
  const currentShare = numberAt(status, "currentCPUUtilizationPercentage");
  const named = (listIn(object, METRICS) ?? []).map((entry) => metricFromOld(entry, "target"));
  const metrics = [...named, ...(share === undefined && named.length > 0 ? [] : [cpuMetric(share ?? DEFAULT_SHARE)])];
  const current =
    listIn(object, CURRENT)?.map((entry) => metricFromOld(entry, "current")) ??
    (currentShare === undefined
      ? undefined
      : [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: currentShare } } }]);
  const behavior = parsed(object, BEHAVIOR);
  const conditions = listIn(object, CONDITIONS);
  const withoutShare = drop(status, "currentCPUUtilizationPercentage");
  const statusRest = numberAt(withoutShare, "currentReplicas") === 0 ? drop(withoutShare, "currentReplicas") : withoutShare;
  return {
    ...withAnnotations(object, {}),
    apiVersion: "autoscaling/v2",
    spec: {
      ...drop(spec, "targetCPUUtilizationPercentage"),
      metrics,
      ...(isJsonObject(behavior) && Object.keys(behavior).length > 0 ? { behavior } : {}),
    },
    status: {
      ...fill(statusRest, { desiredReplicas: 0, currentMetrics: null }),
      ...(current ? { currentMetrics: current } : {}),
      ...(conditions ? { conditions } : {}),
    },
  };
}

function cpuMetric(share: number): JsonObject {
  return { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: share } } };
}

function isCpuShare(entry: JsonObject): boolean {
  const resource = objectAt(entry, "resource");
  return (
    textAt(entry, "type") === "Resource" && textAt(resource, "name") === "cpu" && hasAt(objectAt(resource, "target"), "averageUtilization")
  );
}

function withNumber(owner: JsonObject, name: string, value: number | undefined): JsonObject {
  return value === undefined ? owner : put(owner, name, value);
}

/** The annotations of the old version are dropped, and those given are set. */
function withAnnotations(object: KubeObject, added: Readonly<Record<string, string>>): KubeObject {
  const own = object.metadata.annotations ?? {};
  const kept = Object.fromEntries(Object.entries(own).filter(([key]) => ![METRICS, CURRENT, BEHAVIOR, CONDITIONS].includes(key)));
  const annotations = { ...kept, ...added };
  if (Object.keys(annotations).length > 0) return { ...object, metadata: { ...object.metadata, annotations } };
  const { annotations: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function parsed(object: KubeObject, annotation: string): unknown {
  const text = object.metadata.annotations?.[annotation];
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // as Kubernetes: an annotation that cannot be read counts as absent
  }
}

function listIn(object: KubeObject, annotation: string): readonly JsonObject[] | undefined {
  const value = parsed(object, annotation);
  return Array.isArray(value) ? value.filter(isJsonObject) : undefined;
}

type Part = "target" | "current";

/** The old version has flat fields: `targetAverageValue`, `currentValue`, `metricName` … */
function metricToOld(entry: JsonObject, part: Part): JsonObject {
  const result: Record<string, unknown> = { type: textAt(entry, "type") };
  for (const field of Object.values(METRIC_FIELDS)) {
    const source = objectIn(entry, field);
    if (!source) continue;
    const [metric, amount] = [objectAt(source, "metric"), objectAt(source, part)];
    const selector = objectIn(metric, "selector");
    const old: Record<string, unknown> = {};
    if (field === "object") old["target"] = objectAt(source, "describedObject");
    if (hasAt(source, "name")) old["name"] = source["name"];
    if (hasAt(metric, "name")) old["metricName"] = metric["name"];
    if (selector) old[field === "external" ? "metricSelector" : "selector"] = selector;
    for (const [from, to] of amountNames(field, part)) if (hasAt(amount, from)) old[to] = amount[from];
    if (hasAt(source, "container")) old["container"] = source["container"];
    result[field] = old;
  }
  return result;
}

function metricFromOld(entry: JsonObject, part: Part): JsonObject {
  const result: Record<string, unknown> = { type: textAt(entry, "type") };
  for (const field of Object.values(METRIC_FIELDS)) {
    const old = objectIn(entry, field);
    if (!old) continue;
    const amount: Record<string, unknown> = {};
    for (const [to, from] of amountNames(field, part)) if (hasAt(old, from)) amount[to] = old[from];
    if (part === "target")
      amount["type"] = hasAt(amount, "averageUtilization") ? "Utilization" : hasAt(amount, "averageValue") ? "AverageValue" : "Value";
    const selector = objectIn(old, field === "external" ? "metricSelector" : "selector");
    result[field] = {
      ...(field === "object" ? { describedObject: objectAt(old, "target") } : {}),
      ...(hasAt(old, "name") ? { name: old["name"] } : {}),
      ...(hasAt(old, "metricName") ? { metric: { name: old["metricName"], ...(selector ? { selector } : {}) } } : {}),
      ...(hasAt(old, "container") ? { container: old["container"] } : {}),
      [part]: amount,
    };
  }
  return result;
}

function amountNames(field: string, part: Part): readonly (readonly [string, string])[] {
  const averageValue = field === "object" ? "averageValue" : `${part}AverageValue`;
  return [
    ["value", `${part}Value`],
    ["averageValue", averageValue],
    ["averageUtilization", `${part}AverageUtilization`],
  ];
}
