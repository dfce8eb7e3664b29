// SPDX-License-Identifier: Apache-2.0
import {
  compareQuantities,
  dns1123LabelProblems,
  labelKeyProblems,
  quantityToInteger,
  tryParseQuantity,
  type JsonObject,
  type Quantity,
} from "@flux-ts/kube-core";
import { objectAt, objectsAt, textAt } from "../shape.ts";
import { at, type Problems } from "./problems.ts";
import { NOT_NEGATIVE } from "./scalars.ts";

const STANDARD: ReadonlySet<string> = new Set([
  "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
  "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
  "persistentvolumeclaims", "storage", "requests.storage", "services.nodeports", "services.loadbalancers",
]); // prettier-ignore
const FOR_CONTAINERS: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);
const INTEGERS: ReadonlySet<string> = new Set(["pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers"]); // prettier-ignore
const HUGE_PAGES = "hugepages-";
const FOR_PODS = "must be a standard resource for containers";

/** Requests and limits of a container, or of a pod as a whole. @see kubernetes pkg/apis/core/validation ValidateContainerResourceRequirements */
export function resourceRequirements(
  owner: JsonObject,
  path: string,
  problems: Problems,
  claims: ReadonlySet<string>,
  ofPod = false,
): void {
  const limits = objectAt(owner, "limits");
  const requests = objectAt(owner, "requests");
  const nameCheck = ofPod ? podResourceName : containerResourceName;
  for (const [name, value] of Object.entries(limits)) checkOne(name, value, `${at(path, "limits")}[${name}]`, problems, nameCheck);
  for (const [name, value] of Object.entries(requests)) {
    checkOne(name, value, `${at(path, "requests")}[${name}]`, problems, nameCheck);
    checkAgainstLimit(name, value, Object.hasOwn(limits, name) ? limits[name] : undefined, path, problems);
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some((name) => name.startsWith(HUGE_PAGES)) && !names.some((name) => name === "cpu" || name === "memory")) {
    problems.forbidden(path, "HugePages require cpu or memory");
  }
  claimNames(owner, path, problems, claims);
}

function checkOne(name: string, value: unknown, path: string, problems: Problems, nameCheck: typeof containerResourceName): void {
  nameCheck(name, path, problems);
  resourceQuantity(name, value, path, problems);
}

function checkAgainstLimit(name: string, value: unknown, limit: unknown, path: string, problems: Problems): void {
  const overcommits = isNative(name) && !name.startsWith(HUGE_PAGES);
  if (limit === undefined) {
    if (!overcommits) problems.required(at(path, "limits"), "Limit must be set for non overcommitable resources");
    return;
  }
  const [request, most] = [tryParseQuantity(value), tryParseQuantity(limit)];
  if (!request || !most) return;
  const order = compareQuantities(request, most);
  if (order !== 0 && !overcommits) problems.invalid(at(path, "requests"), value, `must be equal to ${name} limit of ${String(limit)}`);
  else if (order > 0) problems.invalid(at(path, "requests"), value, `must be less than or equal to ${name} limit of ${String(limit)}`);
}

/** A quantity of a resource: not negative, whole where only whole ones make sense. */
export function resourceQuantity(name: string, value: unknown, path: string, problems: Problems): void {
  const quantity = tryParseQuantity(value);
  if (!quantity) return;
  if (isNegative(quantity)) problems.invalid(path, value, NOT_NEGATIVE);
  const isWhole = quantity.nanos % 1_000_000_000n === 0n;
  if ((INTEGERS.has(name) || !isNative(name)) && !isWhole) problems.invalid(path, value, "must be an integer");
}

/** Whether an amount is below zero. */
export function isNegative(quantity: Quantity): boolean {
  return quantity.nanos < 0n;
}

/** Whether an amount is above zero. */
export function isPositive(quantity: Quantity): boolean {
  return quantity.nanos > 0n;
}

/** The whole number of a quantity, rounded up. */
export function wholeOf(quantity: Quantity): number {
  return Number(quantityToInteger(quantity));
}

/** @see kubernetes pkg/apis/core/validation validateResourceName */
export function resourceName(name: string, path: string, problems: Problems): boolean {
  if (STANDARD.has(name)) return true;
  const details = labelKeyProblems(name);
  problems.invalidFor(path, name, details);
  if (details.length > 0) return false;
  if (!name.includes("/") && !isStandard(name)) {
    problems.invalid(path, name, "must be a standard resource type or fully qualified");
    return false;
  }
  return true;
}

/** The name of a resource that a container can ask for. */
export function containerResourceName(name: string, path: string, problems: Problems): void {
  resourceName(name, path, problems);
  if (!name.includes("/")) {
    if (!FOR_CONTAINERS.has(name) && !name.startsWith(HUGE_PAGES)) problems.invalid(path, name, FOR_PODS);
  } else if (!isNative(name) && (name.startsWith("requests.") || labelKeyProblems(`requests.${name}`).length > 0)) {
    problems.invalid(path, name, "doesn't follow extended resource name standard");
  }
}

function podResourceName(name: string, path: string, problems: Problems): void {
  if (!resourceName(name, path, problems)) return;
  if (name !== "cpu" && name !== "memory" && !name.startsWith(HUGE_PAGES)) problems.notSupported(path, name, ["cpu", "memory"]);
}

/** Whether a name without a prefix is one of Kubernetes' own resources. */
export function isStandard(name: string): boolean {
  return STANDARD.has(name) || name.startsWith(HUGE_PAGES) || name.startsWith(`requests.${HUGE_PAGES}`);
}

/** Resources that Kubernetes itself knows. */
export function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** Whether there are only whole ones of a resource. */
export function isIntegerResource(name: string): boolean {
  return INTEGERS.has(name) || !isNative(name);
}

function claimNames(owner: JsonObject, path: string, problems: Problems, known: ReadonlySet<string>): void {
  const seen = new Set<string>();
  objectsAt(owner, "claims").forEach((claim, index) => {
    const name = textAt(claim, "name");
    const own = `${at(path, "claims")}[${index}]`;
    if (name === "") problems.required(own);
    else {
      const request = textAt(claim, "request");
      if (request !== "") problems.invalidFor(at(own, "request"), request, dns1123LabelProblems(request));
      const key = request === "" ? name : `${name}/${request}`;
      // A claim as a whole includes each of its requests.
      if (seen.has(name) || seen.has(key)) problems.duplicate(own, seen.has(name) ? name : key);
      seen.add(key);
      const names = known.size === 0 ? " which is empty" : `: ${[...known].toSorted().join(", ")}`;
      if (!known.has(name)) problems.notFound(own, name, `must be one of the names in pod.spec.resourceClaims${names}`);
    }
  });
}
