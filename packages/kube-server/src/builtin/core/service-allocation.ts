// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import type { StrategyContext } from "../../resource.ts";
import { invalid } from "../../status-errors.ts";
import { drop, hasAt, listAt, numberAt, objectAt, objectsAt, put, textAt, textsAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { Problems } from "../validation/problems.ts";
import { clusterIpFields } from "./service-addresses.ts";

const [FIRST_PORT, LAST_PORT] = [30_000, 32_767];

/**
 * Gives a new Service what the cluster decides: families, a cluster IP, node ports.
 *
 * @throws {ApiError} 422 when what it asks for cannot be given
 * @see kubernetes pkg/registry/core/service/storage alloc.go: before validation, and alone with its errors
 */
export function allocateForCreate(service: KubeObject, context: StrategyContext): KubeObject {
  const spec = objectAt(service, "spec");
  const listed =
    textAt(spec, "clusterIP") !== "" && listAt(spec, "clusterIPs").length === 0
      ? put(spec, "clusterIPs", [textAt(spec, "clusterIP")])
      : spec;
  return allocate({ ...service, spec: listed }, undefined, context);
}

/** The same for a change: what the old one was given stays, unless the type no longer has it. */
export function allocateForUpdate(service: KubeObject, old: KubeObject, context: StrategyContext): KubeObject {
  const before = objectAt(old, "spec");
  const kept = keepAllocated(syncedIps(objectAt(service, "spec"), before), before);
  return allocate({ ...service, spec: kept }, before, context);
}

function allocate(service: KubeObject, before: JsonObject | undefined, context: StrategyContext): KubeObject {
  const { uid } = service.metadata;
  const problems = new Problems();
  let spec = families(objectAt(service, "spec"), before, problems);
  fail(service, problems);
  // One that has an address keeps it: validation refuses another.
  const hasIp = before !== undefined && needsIp(before) && listAt(before, "clusterIPs").length > 0;
  if (needsIp(spec) && !hasIp) spec = clusterIp(spec, uid, context, problems);
  if (needsNodePorts(spec)) spec = nodePorts(spec, uid, context, problems);
  if (needsHealthPort(spec) && !numberAt(spec, "healthCheckNodePort"))
    spec = put(spec, "healthCheckNodePort", freePort(ownPorts(spec), uid, context));
  fail(service, problems);
  return { ...service, spec };
}

function fail(service: KubeObject, problems: Problems): void {
  if (problems.count > 0) throw invalid({ group: "", name: "Service" }, service.metadata.name ?? "", problems.list);
}

/** `clusterIP` is the first of `clusterIPs`: a client may have changed one of them only. */
function syncedIps(spec: JsonObject, before: JsonObject): JsonObject {
  const [one, many] = [textAt(spec, "clusterIP"), textsAt(spec, "clusterIPs")];
  const [oldOne, oldMany] = [textAt(before, "clusterIP"), textsAt(before, "clusterIPs")];
  if (oldMany.length > 0 && many.length === 0 && oldOne === one) return put(spec, "clusterIPs", oldMany);
  if (oldOne === one || !isSame(many, oldMany)) return spec;
  return oldOne !== "" && one === "" ? drop(spec, "clusterIPs") : put(spec, "clusterIPs", [one]);
}

function keepAllocated(spec: JsonObject, before: JsonObject): JsonObject {
  let kept = spec;
  if (needsIp(before) && needsIp(spec)) {
    if (textAt(kept, "clusterIP") === "" && textAt(before, "clusterIP") !== "") kept = put(kept, "clusterIP", textAt(before, "clusterIP"));
    if (listAt(kept, "clusterIPs").length === 0 && listAt(before, "clusterIPs").length > 0)
      kept = put(kept, "clusterIPs", before["clusterIPs"]);
  }
  if (needsNodePorts(before) && needsNodePorts(spec)) kept = keepPorts(kept, before);
  if (needsHealthPort(before) && needsHealthPort(spec) && !numberAt(spec, "healthCheckNodePort")) {
    kept = put(kept, "healthCheckNodePort", before["healthCheckNodePort"]);
  }
  return kept;
}

function keepPorts(spec: JsonObject, before: JsonObject): JsonObject {
  const old = new Map(objectsAt(before, "ports").map((port) => [textAt(port, "name"), numberAt(port, "nodePort") ?? 0]));
  const asked = new Set(objectsAt(spec, "ports").map((port) => numberAt(port, "nodePort") ?? 0));
  const ports = objectsAt(spec, "ports").map((port) => {
    const given = old.get(textAt(port, "name")) ?? 0;
    return numberAt(port, "nodePort") || given === 0 || asked.has(given) ? port : put(port, "nodePort", given);
  });
  return put(spec, "ports", ports);
}

/** The cluster has IPv4 alone. */
function families(spec: JsonObject, before: JsonObject | undefined, problems: Problems): JsonObject {
  if (!needsIp(spec)) return spec;
  const isOpen = textAt(spec, "clusterIP") === "None" && Object.keys(objectAt(spec, "selector")).length === 0;
  let result = spec;
  if (!hasAt(spec, "ipFamilyPolicy")) {
    const policy =
      before && hasAt(before, "ipFamilyPolicy") ? textAt(before, "ipFamilyPolicy") : isOpen ? "RequireDualStack" : "SingleStack";
    result = put(result, "ipFamilyPolicy", policy);
  }
  const count = problems.count;
  clusterIpFields(result, problems);
  if (problems.count > count) return result;
  const policy = textAt(result, "ipFamilyPolicy");
  const given = textsAt(result, "ipFamilies");
  if (policy === "SingleStack") {
    const message = (what: string): string => `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    if (textsAt(result, "clusterIPs").length === 2) problems.invalid("spec.ipFamilyPolicy", policy, message("cluster IPs"));
    if (given.length === 2) problems.invalid("spec.ipFamilyPolicy", policy, message("IP families"));
  }
  textsAt(result, "clusterIPs").forEach((ip, index) => {
    if (ip.includes(":") && index >= given.length)
      problems.invalid(`spec.clusterIPs[${index}]`, textsAt(result, "clusterIPs"), "IPv6 is not configured on this cluster");
  });
  if (problems.count > count) return result;
  if (isOpen) return put(result, "ipFamilies", bothFamilies(given, policy));
  if (policy === "RequireDualStack")
    problems.invalid("spec.ipFamilyPolicy", policy, "this cluster is not configured for dual-stack services");
  given.forEach((family, index) => {
    if (family !== "IPv4") problems.invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster");
  });
  return given.length === 0 ? put(result, "ipFamilies", ["IPv4"]) : result;
}

function bothFamilies(given: readonly string[], policy: string): readonly string[] {
  const first = given.length === 0 ? ["IPv4"] : given;
  if (first.length >= 2 || policy === "SingleStack") return first;
  return [...first, first[0] === "IPv4" ? "IPv6" : "IPv4"];
}

const needsIp = (spec: JsonObject): boolean => textAt(spec, "type") !== "ExternalName";
const needsHealthPort = (spec: JsonObject): boolean =>
  textAt(spec, "type") === "LoadBalancer" && textAt(spec, "externalTrafficPolicy") === "Local";

/** Whether this type of Service has node ports. */
export function needsNodePorts(spec: JsonObject): boolean {
  const type = textAt(spec, "type");
  return type === "NodePort" || (type === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] !== false);
}

function clusterIp(spec: JsonObject, uid: string | undefined, context: StrategyContext, problems: Problems): JsonObject {
  const asked = textsAt(spec, "clusterIPs")[0] ?? "";
  if (asked === "None") return spec;
  const { range, hasAddress } = context.services;
  if (asked !== "") {
    const number = range.numberOf(asked);
    const why =
      number === undefined
        ? "the provided network does not match the current range"
        : number < 1 || number > range.size
          ? `the provided IP is not in the valid range. The range of valid IPs is ${range.cidr}`
          : hasAddress(asked, uid)
            ? "provided IP is already allocated"
            : undefined;
    if (why) problems.invalid("spec.clusterIPs", textsAt(spec, "clusterIPs"), `failed to allocate IP ${asked}: ${why}`);
    return spec;
  }
  const ip = freeIp(uid, context);
  if (ip === undefined) problems.invalid("spec.clusterIPs", [], "failed to allocate a serviceIP: range is full");
  return ip === undefined ? spec : put(put(spec, "clusterIP", ip), "clusterIPs", [ip]);
}

/** The first part of a range is left to those who ask for an address. @see kubernetes pkg/registry/core/service/ipallocator calculateRangeOffset */
function staticPart(size: number): number {
  return size < 16 ? 0 : Math.min(256, Math.max(16, Math.floor(size / 16)));
}

/** From a random place on, round about, the static part last. */
function freeIp(uid: string | undefined, context: StrategyContext): string | undefined {
  const { range, hasAddress } = context.services;
  const offset = staticPart(range.size);
  const size = range.size - offset;
  const start = Math.floor(context.random() * size);
  for (let step = 0; step < size; step++) {
    const ip = range.at(offset + 1 + ((start + step) % size));
    if (!hasAddress(ip, uid)) return ip;
  }
  for (let number = 2; number <= offset; number++) if (!hasAddress(range.at(number), uid)) return range.at(number);
  return undefined;
}

function ownPorts(spec: JsonObject): Set<number> {
  return new Set([...objectsAt(spec, "ports").map((port) => numberAt(port, "nodePort") ?? 0), numberAt(spec, "healthCheckNodePort") ?? 0]);
}

function nodePorts(spec: JsonObject, uid: string | undefined, context: StrategyContext, problems: Problems): JsonObject {
  const own = ownPorts(spec);
  const ports = objectsAt(spec, "ports").map((port, index) => {
    const asked = numberAt(port, "nodePort") ?? 0;
    if (asked !== 0) {
      const field = `spec.ports[${index}].nodePort`;
      if (asked < FIRST_PORT || asked > LAST_PORT)
        problems.invalid(field, asked, `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`);
      else if (context.services.hasPort(asked, uid)) problems.invalid(field, asked, "provided port is already allocated");
      return port;
    }
    const free = freePort(own, uid, context);
    own.add(free);
    return put(port, "nodePort", free);
  });
  return ports.length === 0 ? spec : put(spec, "ports", ports);
}

function freePort(own: ReadonlySet<number>, uid: string | undefined, context: StrategyContext): number {
  const size = LAST_PORT - FIRST_PORT + 1;
  const start = Math.floor(context.random() * size);
  for (let step = 0; step < size; step++) {
    const port = FIRST_PORT + ((start + step) % size);
    if (!own.has(port) && !context.services.hasPort(port, uid)) return port;
  }
  return 0;
}
