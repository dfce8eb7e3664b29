// SPDX-License-Identifier: Apache-2.0
import { addQuantities, compareQuantities, tryParseQuantity, type JsonObject, type Quantity } from "@flux-ts/kube-core";
import { hasAt, objectAt, objectsAt } from "../shape.ts";

const COMPUTE: readonly string[] = ["cpu", "memory"];

/** How well a pod is treated when resources are scarce. @see kubernetes pkg/apis/core/helper/qos ComputePodQOS */
export function qosClass(spec: JsonObject): "Guaranteed" | "Burstable" | "BestEffort" {
  if (hasAt(spec, "resources")) return classOf([objectAt(spec, "resources")]);
  const containers = [...objectsAt(spec, "containers"), ...objectsAt(spec, "initContainers")];
  return classOf(containers.map((container) => objectAt(container, "resources")));
}

function classOf(all: readonly JsonObject[]): "Guaranteed" | "Burstable" | "BestEffort" {
  const [requests, limits] = [sum(all, "requests"), sum(all, "limits")];
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  const everyLimit = all.every((one) => COMPUTE.every((name) => isSet(objectAt(one, "limits")[name])));
  const sameAsLimits = [...requests].every(([name, quantity]) => {
    const limit = limits.get(name);
    return limit !== undefined && compareQuantities(limit, quantity) === 0;
  });
  return everyLimit && sameAsLimits && requests.size === limits.size ? "Guaranteed" : "Burstable";
}

function isSet(value: unknown): boolean {
  const quantity = tryParseQuantity(value);
  return quantity !== undefined && quantity.nanos > 0n;
}

function sum(all: readonly JsonObject[], key: string): Map<string, Quantity> {
  const total = new Map<string, Quantity>();
  for (const one of all) {
    const list = objectAt(one, key);
    for (const name of COMPUTE) {
      const quantity = isSet(list[name]) ? tryParseQuantity(list[name]) : undefined;
      const before = total.get(name);
      if (quantity) total.set(name, before ? addQuantities(before, quantity) : quantity);
    }
  }
  return total;
}
