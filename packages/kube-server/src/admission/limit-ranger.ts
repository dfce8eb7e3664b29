// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, Quantity } from "@flux-ts/kube-core";
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, quantityToNumber } from "@flux-ts/kube-core";
import { forbidden } from "../status-errors.ts";
import type { Admission } from "./admission.ts";
import type { Container } from "./pod.ts";
import { podSpec, PODS } from "./pod.ts";

type Amounts = Readonly<Record<string, string>>;

interface LimitItem {
  readonly type?: string;
  readonly max?: Amounts;
  readonly min?: Amounts;
  readonly default?: Amounts;
  readonly defaultRequest?: Amounts;
  readonly maxLimitRequestRatio?: Amounts;
}

interface Resources {
  readonly limits?: Amounts;
  readonly requests?: Amounts;
}

const ANNOTATION = "kubernetes.io/limit-ranger";

function limitsOf({ plane, object }: Admission): readonly LimitItem[] {
  const ranges = plane.store.page("limitranges", `${object.metadata.namespace ?? ""}/`).objects;
  return ranges.flatMap((range) => (range["spec"] as { readonly limits?: readonly LimitItem[] } | undefined)?.limits ?? []); // by their resource
}

/** Fills in what a namespace's limit ranges say of containers that say nothing. @see kubernetes plugin/pkg/admission/limitranger */
export function applyLimitDefaults(admission: Admission): KubeObject {
  const { object: pod } = admission;
  const items = limitsOf(admission).filter(({ type }) => type === "Container");
  if (items.length === 0) return pod;
  const limits = Object.assign({}, ...items.map((item) => item.default)) as Amounts;
  const requests = Object.assign({}, ...items.map((item) => item.defaultRequest)) as Amounts;
  const notes: string[] = [];
  const fill = (container: Container, kind: string): Container => {
    const { resources = {} } = container;
    const newRequests = missing(resources.requests, requests);
    const newLimits = missing(resources.limits, limits);
    if (newRequests.length > 0) notes.push(`${newRequests.join(", ")} request for ${kind} ${container.name}`);
    if (newLimits.length > 0) notes.push(`${newLimits.join(", ")} limit for ${kind} ${container.name}`);
    if (newRequests.length === 0 && newLimits.length === 0) return container;
    const filled = {
      ...resources,
      ...(newLimits.length > 0 ? { limits: { ...limitsFor(newLimits, limits), ...resources.limits } } : {}),
      ...(newRequests.length > 0 ? { requests: { ...limitsFor(newRequests, requests), ...resources.requests } } : {}),
    };
    return { ...container, resources: filled };
  };
  const spec = podSpec(pod);
  const containers = (spec.containers ?? []).map((container) => fill(container, "container"));
  const initContainers = spec.initContainers?.map((container) => fill(container, "init container"));
  if (notes.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${notes.join("; ")}` };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: { ...spec, containers, ...(initContainers ? { initContainers } : {}) },
  };
}

function missing(given: Amounts | undefined, defaults: Amounts): readonly string[] {
  return Object.keys(defaults)
    .filter((name) => !Object.hasOwn(given ?? {}, name))
    .toSorted();
}

function limitsFor(names: readonly string[], amounts: Amounts): Amounts {
  return Object.fromEntries(names.map((name) => [name, amounts[name] ?? "0"]));
}

/** @throws {ApiError} 403 for a pod outside of its namespace's limits */
export function requirePodLimits(admission: Admission): void {
  const { object: pod } = admission;
  const problems: string[] = [];
  const spec = podSpec(pod);
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  for (const item of limitsOf(admission)) {
    if (item.type === "Container") for (const { resources } of containers) problems.push(...check(item, resources ?? {}, "Container"));
    if (item.type === "Pod") problems.push(...check(item, sumOf(spec.containers ?? [], spec.initContainers ?? []), "Pod"));
  }
  if (problems.length > 0) throw forbidden(PODS, pod.metadata.name ?? "", together(problems));
}

/** @throws {ApiError} 403 for a claim outside of its namespace's limits */
export function requireClaimLimits(admission: Admission): void {
  const { object: claim } = admission;
  const resources = (claim["spec"] as { readonly resources?: Resources } | undefined)?.resources ?? {}; // decoded as a claim
  const problems = limitsOf(admission)
    .filter(({ type }) => type === "PersistentVolumeClaim")
    .flatMap(({ min = {}, max = {} }) => [
      ...Object.entries(min).flatMap(([name, bound]) => below(name, bound, resources.requests?.[name], "PersistentVolumeClaim")),
      ...Object.entries(max).flatMap(([name, bound]) => aboveRequest(name, bound, resources.requests?.[name], "PersistentVolumeClaim")),
    ]);
  if (problems.length > 0) throw forbidden({ group: "", name: "persistentvolumeclaims" }, claim.metadata.name ?? "", together(problems));
}

/** Several findings as Go prints them together. */
function together(problems: readonly string[]): string {
  const unique = [...new Set(problems)];
  return unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
}

function check(
  { min = {}, max = {}, maxLimitRequestRatio = {} }: LimitItem,
  { limits = {}, requests = {} }: Resources,
  type: string,
): readonly string[] {
  return [
    ...Object.entries(min).flatMap(([name, bound]) => minProblems(name, bound, limits[name], requests[name], type)),
    ...Object.entries(max).flatMap(([name, bound]) => maxProblems(name, bound, limits[name], requests[name], type)),
    ...Object.entries(maxLimitRequestRatio).flatMap(([name, bound]) => ratioProblems(name, bound, limits[name], requests[name], type)),
  ];
}

function minProblems(name: string, bound: string, limit: string | undefined, request: string | undefined, type: string): readonly string[] {
  if (request === undefined) return [`minimum ${name} usage per ${type} is ${bound}.  No request is specified`];
  if (isLess(request, bound)) return [`minimum ${name} usage per ${type} is ${bound}, but request is ${request}`];
  if (limit !== undefined && isLess(limit, bound)) return [`minimum ${name} usage per ${type} is ${bound}, but limit is ${limit}`];
  return [];
}

function maxProblems(name: string, bound: string, limit: string | undefined, request: string | undefined, type: string): readonly string[] {
  if (limit === undefined) return [`maximum ${name} usage per ${type} is ${bound}.  No limit is specified`];
  if (isLess(bound, limit)) return [`maximum ${name} usage per ${type} is ${bound}, but limit is ${limit}`];
  if (request !== undefined && isLess(bound, request)) return [`maximum ${name} usage per ${type} is ${bound}, but request is ${request}`];
  return [];
}

function below(name: string, bound: string, request: string | undefined, type: string): readonly string[] {
  if (request === undefined) return [`minimum ${name} usage per ${type} is ${bound}.  No request is specified`];
  return isLess(request, bound) ? [`minimum ${name} usage per ${type} is ${bound}, but request is ${request}`] : [];
}

function aboveRequest(name: string, bound: string, request: string | undefined, type: string): readonly string[] {
  if (request === undefined) return [`maximum ${name} usage per ${type} is ${bound}.  No request is specified`];
  return isLess(bound, request) ? [`maximum ${name} usage per ${type} is ${bound}, but request is ${request}`] : [];
}

function ratioProblems(
  name: string,
  bound: string,
  limit: string | undefined,
  request: string | undefined,
  type: string,
): readonly string[] {
  if (request === undefined || quantityToNumber(parseQuantity(request)) === 0) {
    return [`${name} max limit to request ratio per ${type} is ${bound}, but no request is specified or request is 0`];
  }
  if (limit === undefined || quantityToNumber(parseQuantity(limit)) === 0) {
    return [`${name} max limit to request ratio per ${type} is ${bound}, but no limit is specified or limit is 0`];
  }
  const ratio = quantityToNumber(parseQuantity(limit)) / quantityToNumber(parseQuantity(request));
  return ratio > quantityToNumber(parseQuantity(bound))
    ? [`${name} max limit to request ratio per ${type} is ${bound}, but provided ratio is ${ratio.toFixed(6)}`]
    : [];
}

function isLess(left: string, right: string): boolean {
  return compareQuantities(parseQuantity(left), parseQuantity(right)) < 0;
}

/** What all containers of a pod take together; init containers run one after another, before the rest. */
function sumOf(containers: readonly Container[], initContainers: readonly Container[]): Resources {
  const total = (pick: (resources: Resources) => Amounts | undefined): Amounts => {
    const sums = new Map<string, Quantity>();
    for (const { resources = {} } of containers) {
      for (const [name, text] of Object.entries(pick(resources) ?? {})) {
        const before = sums.get(name);
        sums.set(name, before ? addQuantities(before, parseQuantity(text)) : parseQuantity(text));
      }
    }
    for (const { resources = {} } of initContainers) {
      for (const [name, text] of Object.entries(pick(resources) ?? {})) {
        const amount = parseQuantity(text);
        const before = sums.get(name);
        if (!before || compareQuantities(before, amount) < 0) sums.set(name, amount);
      }
    }
    return Object.fromEntries([...sums].map(([name, quantity]) => [name, formatQuantity(quantity)]));
  };
  return { limits: total(({ limits }) => limits), requests: total(({ requests }) => requests) };
}
