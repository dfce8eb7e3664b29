// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, pathSegmentProblems, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, numberAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";

/** Metric types and the fields that belong to them, in the order in which Kubernetes looks at them. */
export const METRIC_FIELDS: Readonly<Record<string, string>> = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
};
const TYPES: readonly string[] = Object.keys(METRIC_FIELDS).sort();
const RAW_OR_SHARE = "must set either a target raw value or a target utilization";
const NOT_BOTH = "may not set both a target raw value and a target utilization";

/** What an object reference without a uid needs. @see kubernetes pkg/apis/autoscaling/validation ValidateCrossVersionObjectReference */
export function crossReference(reference: JsonObject, path: string, allowsCore: boolean, problems: Problems): void {
  for (const name of ["kind", "name"]) {
    const value = textAt(reference, name);
    if (value === "") problems.required(`${path}.${name}`);
    else problems.invalidFor(`${path}.${name}`, value, pathSegmentProblems(value));
  }
  const apiVersion = textAt(reference, "apiVersion");
  const slashes = apiVersion.split("/").length - 1;
  if (slashes > 1) problems.invalid(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  else if (!allowsCore && !/^[^/]+\//.test(apiVersion)) {
    problems.invalid(`${path}.apiVersion`, apiVersion, "apiVersion must specify API group");
  }
}

/** One entry of `spec.metrics`. */
export function metric(entry: JsonObject, path: string, problems: Problems): void {
  const type = textAt(entry, "type");
  const expected = Object.hasOwn(METRIC_FIELDS, type) ? METRIC_FIELDS[type] : undefined;
  if (type === "") problems.required(`${path}.type`, "must specify a metric source type");
  if (!expected) problems.notSupported(`${path}.type`, type, TYPES);
  const present = Object.values(METRIC_FIELDS).filter((name) => hasAt(entry, name));
  const [first] = present;
  if (first) metricSource(first, objectAt(entry, first), `${path}.${first}`, problems);
  if (expected && !present.includes(expected)) {
    problems.required(`${path}.${expected}`, "must populate information for the given metric source");
  }
  if (!expected) problems.notSupported(`${path}.type`, type, TYPES);
  if (present.length === 1) return;
  for (const name of present) if (name !== expected) problems.forbidden(`${path}.${name}`, "must populate the given metric source only");
}

function metricSource(name: string, source: JsonObject, path: string, problems: Problems): void {
  const target = objectAt(source, "target");
  const own = `${path}.target`;
  const has = (key: string): boolean => hasAt(target, key);
  if (name === "object") crossReference(objectAt(source, "describedObject"), `${path}.describedObject`, true, problems);
  if (name === "resource" || name === "containerResource") {
    if (textAt(source, "name") === "") problems.required(`${path}.name`, "must specify a resource name");
    if (name === "containerResource") container(textAt(source, "container"), `${path}.container`, problems);
  } else identifier(objectAt(source, "metric"), `${path}.metric`, problems);
  metricTarget(target, own, problems);
  switch (name) {
    case "object":
      if (!has("value") && !has("averageValue")) problems.required(`${own}.averageValue`, "must set either a target value or averageValue");
      return;
    case "external":
      if (!has("value") && !has("averageValue")) {
        problems.required(`${own}.averageValue`, "must set either a target value for metric or a per-pod target");
      }
      if (has("value") && has("averageValue")) {
        problems.forbidden(`${own}.value`, "may not set both a target value for metric and a per-pod target");
      }
      return;
    case "pods":
      if (!has("averageValue")) problems.required(`${own}.averageValue`, "must specify a positive target averageValue");
      return;
    default:
      if (!has("averageUtilization") && !has("averageValue")) problems.required(`${own}.averageUtilization`, RAW_OR_SHARE);
      if (has("averageUtilization") && has("averageValue")) problems.forbidden(`${own}.averageValue`, NOT_BOTH);
  }
}

function container(name: string, path: string, problems: Problems): void {
  if (name === "") problems.required(path, "must specify a container");
  else problems.invalidFor(path, name, dns1123LabelProblems(name));
}

function identifier(id: JsonObject, path: string, problems: Problems): void {
  const name = textAt(id, "name");
  if (name === "") problems.required(`${path}.name`, "must specify a metric name");
  else problems.invalidFor(`${path}.name`, name, pathSegmentProblems(name));
}

function metricTarget(target: JsonObject, path: string, problems: Problems): void {
  const type = textAt(target, "type");
  if (type === "") problems.required(`${path}.type`, "must specify a metric target type");
  if (!["Utilization", "Value", "AverageValue"].includes(type)) {
    problems.invalid(`${path}.type`, type, "must be either Utilization, Value, or AverageValue");
  }
  for (const name of ["value", "averageValue"]) {
    const value = target[name];
    if (hasAt(target, name) && !isPositive(value)) problems.invalid(`${path}.${name}`, value, "must be positive");
  }
  const share = numberAt(target, "averageUtilization");
  if (share !== undefined && share < 1) problems.invalid(`${path}.averageUtilization`, share, "must be greater than 0");
}

function isPositive(quantity: unknown): boolean {
  return Number.parseFloat(String(quantity)) > 0;
}

const POLICY_TYPES: readonly string[] = ["Percent", "Pods"];
const SELECT: readonly string[] = ["Disabled", "Max", "Min"];
const MAX_WINDOW = 3600;
const MAX_PERIOD = 1800;

/** How fast replicas may change. */
export function scalingRules(rules: JsonObject | undefined, path: string, problems: Problems): void {
  if (!rules) return;
  const window = numberAt(rules, "stabilizationWindowSeconds");
  if (window !== undefined && window < 0)
    problems.invalid(`${path}.stabilizationWindowSeconds`, window, "must be greater than or equal to zero");
  if (window !== undefined && window > MAX_WINDOW) {
    problems.invalid(`${path}.stabilizationWindowSeconds`, window, `must be less than or equal to ${MAX_WINDOW}`);
  }
  if (hasAt(rules, "selectPolicy") && !SELECT.includes(textAt(rules, "selectPolicy"))) {
    problems.notSupported(`${path}.selectPolicy`, rules["selectPolicy"], SELECT);
  }
  const policies = objectsAt(rules, "policies");
  if (policies.length === 0) problems.required(`${path}.policies`, "must specify at least one Policy");
  policies.forEach((policy, index) => {
    const own = `${path}.policies[${index}]`;
    const [type, value, period] = [textAt(policy, "type"), numberAt(policy, "value") ?? 0, numberAt(policy, "periodSeconds") ?? 0];
    if (!POLICY_TYPES.includes(type)) problems.notSupported(`${own}.type`, type, POLICY_TYPES);
    if (value <= 0) problems.invalid(`${own}.value`, value, "must be greater than zero");
    if (period <= 0) problems.invalid(`${own}.periodSeconds`, period, "must be greater than zero");
    if (period > MAX_PERIOD) problems.invalid(`${own}.periodSeconds`, period, `must be less than or equal to ${MAX_PERIOD}`);
  });
}

/** The scaling rules of both directions. */
export function behavior(spec: JsonObject, problems: Problems): void {
  const rules = objectAt(spec, "behavior");
  scalingRules(objectIn(rules, "scaleUp"), "spec.behavior.scaleUp", problems);
  scalingRules(objectIn(rules, "scaleDown"), "spec.behavior.scaleDown", problems);
}
