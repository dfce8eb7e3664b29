// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, dns1123SubdomainProblems, labelKeyProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { unsupportedField } from "../unsupported-field.ts";
import { drop, hasAt, listAt, numberAt, objectAt, objectsAt, put, textAt, textsAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { labels } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { portNumber, portNumberOrName, PROTOCOLS, requireOneOf } from "../validation/scalars.ts";
import { endpointIp } from "./endpoints.ts";
import { ipProblem, isCidr, isIp } from "./ip-address.ts";
import { allocateForCreate, allocateForUpdate, needsNodePorts } from "./service-allocation.ts";
import { clusterIpChanges, clusterIpFields } from "./service-addresses.ts";
import { serviceTable } from "./tables.ts";

const TYPES: readonly string[] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const ONLY_BALANCER = "may only be used when `type` is 'LoadBalancer'";
const MAX_AFFINITY = 86_400;

/** v1 Service. */
export const service: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: serviceTable,
  fieldSelectors: {
    "spec.clusterIP": (object) => textAt(objectAt(object, "spec"), "clusterIP"),
    "spec.type": (object) => textAt(objectAt(object, "spec"), "type"),
  },
  strategy: {
    nameProblems: dns1123LabelProblems,
    prepareCreate: allocateForCreate,
    prepareUpdate: (object, old, context) => allocateForUpdate(withoutTypeFields(object, old), old, context),
    validate: (object) => problemsOf((problems) => serviceSpec(objectAt(object, "spec"), problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        const [spec, before] = [objectAt(object, "spec"), objectAt(old, "spec")];
        clusterIpChanges(spec, before, problems);
        serviceChanges(spec, before, problems);
        serviceSpec(spec, problems);
      }),
    validateStatusUpdate: (object) => problemsOf((problems) => serviceStatus(object, problems)),
    warnings: serviceWarnings,
  },
};

const EXTERNAL_IPS_WARNING = "spec.externalIPs is deprecated and may no longer be implemented in some clusters";

/** @see kubernetes pkg/api/service GetWarningsForService */
function serviceWarnings(object: KubeObject): readonly string[] {
  const spec = objectAt(object, "spec");
  const has = { externalIps: listAt(spec, "externalIPs").length > 0, externalName: textAt(spec, "externalName") !== "" };
  const isExternal = textAt(spec, "type") === "ExternalName";
  const isHeadless = !isExternal && textAt(spec, "clusterIP") === "None";
  const hints = objectAt(objectAt(object, "metadata"), "annotations")["service.kubernetes.io/topology-aware-hints"];
  return [
    ...(hints === undefined
      ? []
      : ["annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead"]),
    ...(isHeadless && textAt(spec, "loadBalancerIP") !== "" ? ["spec.loadBalancerIP is ignored for headless services"] : []),
    ...(isHeadless && has.externalIps ? ["spec.externalIPs is ignored for headless services"] : []),
    ...(isHeadless && textAt(spec, "sessionAffinity") === "ClientIP" ? ["spec.SessionAffinity is ignored for headless services"] : []),
    ...(has.externalIps ? [EXTERNAL_IPS_WARNING] : []),
    ...(isExternal && has.externalIps ? ['spec.externalIPs is ignored when spec.type is "ExternalName"'] : []),
    ...(!isExternal && has.externalName ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : []),
  ];
}

/** Fields that the old type needed and the new one does not have fall away, unless they were changed. */
function withoutTypeFields(object: KubeObject, old: KubeObject): KubeObject {
  const before = objectAt(old, "spec");
  let spec = objectAt(object, "spec");
  const [type, oldType] = [textAt(spec, "type"), textAt(before, "type")];
  const same = (key: string): boolean => isSame(spec[key], before[key]);
  const remove = (...keys: readonly string[]): void => void (spec = keys.reduce(drop, spec));
  if (oldType !== "ExternalName" && type === "ExternalName") {
    if (same("clusterIP") && same("clusterIPs")) remove("clusterIP", "clusterIPs");
    for (const key of ["ipFamilies", "ipFamilyPolicy"]) if (same(key)) remove(key);
  }
  if (needsNodePorts(before) && !needsNodePorts(spec) && sameNodePorts(spec, before)) {
    spec = put(
      spec,
      "ports",
      objectsAt(spec, "ports").map((port) => drop(port, "nodePort")),
    );
  }
  if (needsHealthCheck(before) && !needsHealthCheck(spec) && same("healthCheckNodePort")) remove("healthCheckNodePort");
  if (oldType === "LoadBalancer" && type !== "LoadBalancer")
    for (const key of ["allocateLoadBalancerNodePorts", "loadBalancerClass"]) if (same(key)) remove(key);
  if (isExternal(before) && !isExternal(spec) && same("externalTrafficPolicy")) remove("externalTrafficPolicy");
  const changed = spec === object["spec"] ? object : { ...object, spec };
  return type === "LoadBalancer" || !hasAt(objectAt(objectAt(object, "status"), "loadBalancer"), "ingress")
    ? changed
    : { ...changed, status: put(objectAt(object, "status"), "loadBalancer", {}) };
}

function sameNodePorts(spec: JsonObject, before: JsonObject): boolean {
  const of = (owner: JsonObject): string =>
    objectsAt(owner, "ports")
      .map((port) => numberAt(port, "nodePort") ?? 0)
      .sort()
      .join();
  const old = new Set(of(before).split(","));
  return of(spec)
    .split(",")
    .every((port) => port === "0" || port === "" || old.has(port));
}

function isExternal(spec: JsonObject): boolean {
  const type = textAt(spec, "type");
  return type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && listAt(spec, "externalIPs").length > 0);
}

function needsHealthCheck(spec: JsonObject): boolean {
  return textAt(spec, "type") === "LoadBalancer" && textAt(spec, "externalTrafficPolicy") === "Local";
}

function serviceChanges(spec: JsonObject, before: JsonObject, problems: Problems): void {
  if (
    textAt(spec, "type") === "LoadBalancer" &&
    textAt(before, "type") === "LoadBalancer" &&
    !isSame(spec["loadBalancerClass"], before["loadBalancerClass"])
  ) {
    problems.invalid("spec.loadBalancerClass", spec["loadBalancerClass"] ?? null, "may not change once set");
  }
  if (needsHealthCheck(spec) && needsHealthCheck(before) && !isSame(spec["healthCheckNodePort"], before["healthCheckNodePort"])) {
    problems.forbidden("spec.healthCheckNodePort", "field is immutable");
  }
}

/** @see kubernetes pkg/apis/core/validation validateService */
function serviceSpec(spec: JsonObject, problems: Problems): void {
  const type = textAt(spec, "type");
  const isHeadless = isSame(spec["clusterIPs"], ["None"]);
  if (listAt(spec, "ports").length === 0 && !isHeadless && type !== "ExternalName") problems.required("spec.ports");
  if (isHeadless && (type === "LoadBalancer" || type === "NodePort")) {
    problems.invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`);
  }
  if (type === "ExternalName") externalName(spec, problems);
  ports(spec, type, problems);
  labels(objectAt(spec, "selector"), "spec.selector", problems);
  affinity(spec, problems);
  clusterIpFields(spec, problems);
  textsAt(spec, "externalIPs").forEach((ip, index) => {
    if (isIp(ip)) endpointIp(ip, `spec.externalIPs[${index}]`, problems);
    else ipProblem(ip, `spec.externalIPs[${index}]`, problems);
  });
  requireOneOf(spec, "type", "spec", problems, TYPES);
  loadBalancer(spec, type, problems);
  trafficPolicies(spec, type, problems);
}

function externalName(spec: JsonObject, problems: Problems): void {
  for (const key of ["clusterIPs", "ipFamilies"])
    if (listAt(spec, key).length > 0) problems.forbidden(`spec.${key}`, "may not be set for ExternalName services");
  if (hasAt(spec, "ipFamilyPolicy")) problems.forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services");
  const name = textAt(spec, "externalName").replace(/\.$/, "");
  if (name === "") problems.required("spec.externalName");
  else problems.invalidFor("spec.externalName", name, dns1123SubdomainProblems(name));
}

function ports(spec: JsonObject, type: string, problems: Problems): void {
  const all = objectsAt(spec, "ports");
  const [names, nodePorts, pairs] = [new Set<string>(), new Set<string>(), new Set<string>()];
  all.forEach((port, index) => {
    const path = `spec.ports[${index}]`;
    const [name, protocol, number, node] = [
      textAt(port, "name"),
      textAt(port, "protocol"),
      numberAt(port, "port") ?? 0,
      numberAt(port, "nodePort") ?? 0,
    ];
    if (name === "" && all.length > 1) problems.required(`${path}.name`);
    else if (name !== "") {
      problems.invalidFor(`${path}.name`, name, dns1123LabelProblems(name));
      if (names.has(name)) problems.duplicate(`${path}.name`, name);
      names.add(name);
    }
    portNumber(number, `${path}.port`, problems);
    requireOneOf(port, "protocol", path, problems, PROTOCOLS);
    portNumberOrName(port["targetPort"], `${path}.targetPort`, problems);
    if (hasAt(port, "appProtocol"))
      problems.invalidFor(`${path}.appProtocol`, textAt(port, "appProtocol"), labelKeyProblems(textAt(port, "appProtocol")));
    if (node !== 0) {
      if (type === "ClusterIP") problems.forbidden(`${path}.nodePort`, "may not be used when `type` is 'ClusterIP'");
      if (nodePorts.has(`${protocol}/${node}`)) problems.duplicate(`${path}.nodePort`, node);
      nodePorts.add(`${protocol}/${node}`);
    }
    if (pairs.has(`${protocol}/${number}`))
      problems.duplicate(path, { Name: "", Protocol: protocol, AppProtocol: null, Port: number, TargetPort: 0, NodePort: 0 });
    pairs.add(`${protocol}/${number}`);
  });
}

function affinity(spec: JsonObject, problems: Problems): void {
  requireOneOf(spec, "sessionAffinity", "spec", problems, ["ClientIP", "None"]);
  const kind = textAt(spec, "sessionAffinity");
  const path = "spec.sessionAffinityConfig";
  if (kind === "None" && hasAt(spec, "sessionAffinityConfig")) problems.forbidden(path, "must not be set when session affinity is None");
  if (kind !== "ClientIP") return;
  const timeout = numberAt(objectAt(objectAt(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds");
  if (timeout === undefined) problems.required(`${path}.clientIP.timeoutSeconds`, "when session affinity type is ClientIP");
  else if (timeout <= 0 || timeout > MAX_AFFINITY)
    problems.invalid(`${path}.clientIP.timeoutSeconds`, timeout, `must be greater than 0 and less than ${MAX_AFFINITY}`);
}

function loadBalancer(spec: JsonObject, type: string, problems: Problems): void {
  const ranges = textsAt(spec, "loadBalancerSourceRanges");
  if (ranges.length > 0 && type !== "LoadBalancer") problems.forbidden("spec.LoadBalancerSourceRanges", ONLY_BALANCER);
  ranges.forEach((range, index) => {
    const text = range.trim();
    if (!isCidr(text))
      problems.invalid(`spec.LoadBalancerSourceRanges[${index}]`, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
  });
  if (type !== "LoadBalancer") {
    for (const key of ["allocateLoadBalancerNodePorts", "loadBalancerClass"])
      if (hasAt(spec, key)) problems.forbidden(`spec.${key}`, ONLY_BALANCER);
  } else if (hasAt(spec, "loadBalancerClass")) {
    problems.invalidFor("spec.loadBalancerClass", textAt(spec, "loadBalancerClass"), labelKeyProblems(textAt(spec, "loadBalancerClass")));
  }
}

function trafficPolicies(spec: JsonObject, type: string, problems: Problems): void {
  const external = textAt(spec, "externalTrafficPolicy");
  if (isExternal(spec)) requireOneOf(spec, "externalTrafficPolicy", "spec", problems, ["Cluster", "Local"]);
  else if (external !== "") problems.invalid("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services");
  const health = numberAt(spec, "healthCheckNodePort") ?? 0;
  if (needsHealthCheck(spec)) {
    if (health === 0) problems.required("spec.healthCheckNodePort");
    else portNumber(health, "spec.healthCheckNodePort", problems);
  } else if (health !== 0) {
    problems.invalid(
      "spec.healthCheckNodePort",
      health,
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    );
  }
  const internal = ["Cluster", "Local"];
  if (!hasAt(spec, "internalTrafficPolicy")) {
    if (type !== "ExternalName" && TYPES.includes(type)) problems.required("spec.internalTrafficPolicy");
  } else if (!internal.includes(textAt(spec, "internalTrafficPolicy")))
    problems.notSupported("spec.internalTrafficPolicy", spec["internalTrafficPolicy"], internal);
  const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];
  if (hasAt(spec, "trafficDistribution") && !distributions.includes(textAt(spec, "trafficDistribution"))) {
    problems.notSupported("spec.trafficDistribution", spec["trafficDistribution"], distributions);
  }
}

function serviceStatus(object: KubeObject, problems: Problems): void {
  const path = "status.loadBalancer.ingress";
  const ingress = objectsAt(objectAt(objectAt(object, "status"), "loadBalancer"), "ingress");
  if (ingress.length > 0 && textAt(objectAt(object, "spec"), "type") !== "LoadBalancer") {
    return problems.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
  }
  ingress.forEach((entry, index) => {
    const own = `${path}[${index}]`;
    loadBalancerAddress(entry, own, problems);
    const modes = ["Proxy", "VIP"];
    const hasIp = textAt(entry, "ip") !== "";
    if (!hasAt(entry, "ipMode")) {
      if (hasIp) problems.required(`${own}.ipMode`, "must be specified when `ip` is set");
    } else if (!hasIp) problems.forbidden(`${own}.ipMode`, "may not be specified when `ip` is not set");
    else if (!modes.includes(textAt(entry, "ipMode"))) problems.notSupported(`${own}.ipMode`, entry["ipMode"], modes);
  });
}

/** An address of a load balancer, of a Service or an Ingress. */
export function loadBalancerAddress(entry: JsonObject, path: string, problems: Problems): void {
  const [ip, name] = [textAt(entry, "ip"), textAt(entry, "hostname")];
  if (ip !== "") ipProblem(ip, `${path}.ip`, problems);
  if (name === "") return;
  problems.invalidFor(`${path}.hostname`, name, dns1123SubdomainProblems(name));
  if (isIp(name)) problems.invalid(`${path}.hostname`, name, "must be a DNS name, not an IP address");
}
