// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, Quantity } from "@flux-ts/kube-core";
import { addQuantities, compareQuantities, parseQuantity } from "@flux-ts/kube-core";
import type { PodSpec } from "../admission/pod.ts";
import { podSpec } from "../admission/pod.ts";

/** By names as a quota's `hard` has them. */
export type Contribution = ReadonlyMap<string, Quantity>;

/** Resources that quotas count under their own name, too, not only under `count/`. */
export const NAMED_COUNTS: ReadonlySet<string> = new Set([
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
]);
const ONE = parseQuantity("1");
/** These may be named without `requests.`. */
const PLAIN_REQUESTS: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

/**
 * What one object takes of its namespace's quotas.
 * @param resource `pods`, `deployments.apps`
 * @see kubernetes pkg/quota/v1/evaluator/core
 */
export function contributionOf(resource: string, object: KubeObject): Contribution {
  const taken = new Map<string, Quantity>([[`count/${resource}`, ONE]]);
  if (NAMED_COUNTS.has(resource)) taken.set(resource, ONE);
  if (resource === "pods" && !isFinished(object)) addPod(taken, podSpec(object));
  if (resource === "services") addService(taken, object);
  if (resource === "persistentvolumeclaims") addClaim(taken, object);
  return taken;
}

function isFinished(pod: KubeObject): boolean {
  const { phase } = (pod["status"] ?? {}) as { readonly phase?: string }; // stored as a pod
  return phase === "Succeeded" || phase === "Failed";
}

function addPod(taken: Map<string, Quantity>, spec: PodSpec): void {
  taken.set("pods", ONE);
  for (const [name, amount] of podAmounts(spec, "requests")) {
    taken.set(`requests.${name}`, amount);
    if (PLAIN_REQUESTS.has(name)) taken.set(name, amount);
  }
  for (const [name, amount] of podAmounts(spec, "limits")) taken.set(`limits.${name}`, amount);
}

/** What a pod takes at most at one time. @see component-helpers resource PodRequests */
function podAmounts(spec: PodSpec, kind: "requests" | "limits"): Contribution {
  const running = new Map<string, Quantity>();
  const sidecars = new Map<string, Quantity>();
  const starting = new Map<string, Quantity>();
  for (const { resources } of spec.containers ?? []) addAll(running, amountsOf(resources?.[kind]));
  for (const container of spec.initContainers ?? []) {
    const own = new Map(amountsOf(container.resources?.[kind]));
    if (container["restartPolicy"] === "Always") {
      addAll(running, own);
      addAll(sidecars, own);
      raiseAll(starting, sidecars);
    } else {
      addAll(own, sidecars);
      raiseAll(starting, own);
    }
  }
  raiseAll(running, starting);
  const overhead = amountsOf(spec["overhead"] as Readonly<Record<string, string>> | undefined); // the pod's own type
  for (const [name, amount] of overhead) if (kind === "requests" || running.has(name)) addAll(running, [[name, amount]]);
  return running;
}

function amountsOf(amounts: Readonly<Record<string, string>> | undefined): readonly (readonly [string, Quantity])[] {
  return Object.entries(amounts ?? {}).map(([name, text]) => [name, parseQuantity(text)] as const);
}

/** Adds to sums. */
export function addAll(sums: Map<string, Quantity>, more: Iterable<readonly [string, Quantity]>): void {
  for (const [name, amount] of more) {
    const before = sums.get(name);
    sums.set(name, before ? addQuantities(before, amount) : amount);
  }
}

function raiseAll(highest: Map<string, Quantity>, others: Iterable<readonly [string, Quantity]>): void {
  for (const [name, amount] of others) {
    const before = highest.get(name);
    if (!before || compareQuantities(before, amount) < 0) highest.set(name, amount);
  }
}

function addService(taken: Map<string, Quantity>, service: KubeObject): void {
  const spec = (service["spec"] ?? {}) as {
    readonly type?: string;
    readonly ports?: readonly { readonly nodePort?: number }[];
    readonly allocateLoadBalancerNodePorts?: boolean;
  }; // decoded as a service
  const { type, ports = [], allocateLoadBalancerNodePorts } = spec;
  if (type === "LoadBalancer") taken.set("services.loadbalancers", ONE);
  if (type !== "LoadBalancer" && type !== "NodePort") return;
  const count =
    type === "LoadBalancer" && allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort).length : ports.length;
  taken.set("services.nodeports", parseQuantity(String(count)));
}

const CLASS_SUFFIX = ".storageclass.storage.k8s.io/";

function addClaim(taken: Map<string, Quantity>, claim: KubeObject): void {
  const spec = (claim["spec"] ?? {}) as {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  }; // decoded as a claim
  const storage = spec.resources?.requests?.storage;
  const className = claim.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName;
  if (storage !== undefined) taken.set("requests.storage", parseQuantity(storage));
  if (!className) return;
  taken.set(`${className}${CLASS_SUFFIX}persistentvolumeclaims`, ONE);
  if (storage !== undefined) taken.set(`${className}${CLASS_SUFFIX}requests.storage`, parseQuantity(storage));
}

/** The resource whose objects a name of a quota is about. */
export function resourceOfName(name: string): string {
  if (name.startsWith("count/")) return name.slice("count/".length);
  if (NAMED_COUNTS.has(name)) return name;
  if (name.startsWith("services.")) return "services";
  return name === "requests.storage" || name.includes(CLASS_SUFFIX) ? "persistentvolumeclaims" : "pods";
}
