// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, dns1123SubdomainProblems, labelKeyProblems, type JsonObject } from "@flux-ts/kube-core";
import { hasAt, isTrueAt, listAt, numberAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import { internalValue } from "../internal-value.ts";
import { annotations, labels } from "../validation/labels.ts";
import { at, type Problems } from "../validation/problems.ts";
import { resourceRequirements } from "../validation/resource-requirements.ts";
import { MAX_INT32, requireOneOf } from "../validation/scalars.ts";
import { affinity, topologySpread } from "./affinity.ts";
import { podAnnotations } from "./pod-annotations.ts";
import { containers, ephemeralContainers, hostNetworkPorts, initContainers, type PodSurroundings } from "./containers.ts";
import { ipProblem } from "./ip-address.ts";
import { podSecurity } from "./security-context.ts";
import { tolerations } from "./tolerations.ts";
import { volumes } from "./volumes.ts";

const RESTART_POLICIES: readonly string[] = ["Always", "OnFailure", "Never"];
const DNS_POLICIES: readonly string[] = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const DEADLINE_RANGE = `must be between 1 and ${MAX_INT32}, inclusive`;

/** Which pod it is: a template has no name, and some rules wait until there is a pod. */
export interface PodIdentity {
  readonly isPod: boolean;
  readonly name: string;
}

const TEMPLATE: PodIdentity = { isPod: false, name: "" };

/** A pod template: its labels, annotations and spec. @see kubernetes pkg/apis/core/validation ValidatePodTemplateSpec */
export function podTemplate(template: JsonObject, path: string, problems: Problems): void {
  const spec = objectAt(template, "spec");
  podTemplateMetadata(template, path, problems);
  podSpec(spec, TEMPLATE, at(path, "spec"), problems);
  if (listAt(spec, "ephemeralContainers").length > 0) {
    problems.forbidden(at(path, "spec", "ephemeralContainers"), "ephemeral containers not allowed in pod template");
  }
}

/** Labels and annotations of a pod template. */
export function podTemplateMetadata(template: JsonObject, path: string, problems: Problems): void {
  const metadata = objectAt(template, "metadata");
  labels(objectAt(metadata, "labels"), at(path, "labels"), problems);
  annotations(objectAt(metadata, "annotations"), at(path, "annotations"), problems);
  podAnnotations(objectAt(metadata, "annotations"), objectAt(template, "spec"), at(path, "annotations"), problems);
}

/** @see kubernetes pkg/apis/core/validation ValidatePodSpec */
export function podSpec(spec: JsonObject, pod: PodIdentity, path: string, problems: Problems): void {
  const surroundings: PodSurroundings = {
    volumes: volumes(spec, pod.name, path, problems),
    claims: new Set(objectsAt(spec, "resourceClaims").map((claim) => textAt(claim, "name"))),
    grace: numberAt(spec, "terminationGracePeriodSeconds"),
    restartPolicy: textAt(spec, "restartPolicy"),
    os: objectIn(spec, "os") && textAt(objectAt(spec, "os"), "name"),
    hostUsers: spec["hostUsers"] !== false,
  };
  resourceClaims(spec, path, problems);
  containers(spec, surroundings, path, problems);
  initContainers(spec, surroundings, path, problems);
  ephemeralContainers(spec, surroundings, path, problems);
  const resources = objectIn(spec, "resources");
  if (resources) {
    if (hasAt(resources, "claims")) problems.forbidden(at(path, "resources", "claims"), "claims may not be set for Resources at pod-level");
    resourceRequirements(resources, at(path, "resources"), problems, new Set(), true);
  }
  hostNetworkPorts(spec, path, problems, pod.isPod);
  requireOneOf(spec, "restartPolicy", path, problems, RESTART_POLICIES);
  requireOneOf(spec, "dnsPolicy", path, problems, DNS_POLICIES);
  labels(objectAt(spec, "nodeSelector"), at(path, "nodeSelector"), problems);
  podSecurity(spec, path, problems);
  affinity(spec, path, problems);
  dnsConfig(spec, path, problems);
  gates(spec, path, problems);
  topologySpread(spec, path, problems);
  hostUsers(spec, path, problems);
  names(spec, path, problems);
  const deadline = numberAt(spec, "activeDeadlineSeconds");
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_INT32))
    problems.invalid(at(path, "activeDeadlineSeconds"), deadline, DEADLINE_RANGE);
  tolerations(spec, path, problems);
  hostAliases(spec, path, problems);
  if (hasAt(spec, "preemptionPolicy")) requireOneOf(spec, "preemptionPolicy", path, problems, ["PreemptLowerPriority", "Never"]);
  if (hasAt(spec, "overhead")) resourceRequirements({ limits: spec["overhead"] }, at(path, "overhead"), problems, new Set());
  operatingSystem(spec, path, problems);
}

function names(spec: JsonObject, path: string, problems: Problems): void {
  for (const key of ["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"]) {
    const name = textAt(spec, key);
    // The last is a pointer: empty is something else than absent.
    if (name !== "" || (key === "runtimeClassName" && hasAt(spec, key)))
      problems.invalidFor(at(path, key), name, dns1123SubdomainProblems(name));
  }
  for (const key of ["hostname", "subdomain"]) {
    const name = textAt(spec, key);
    if (name !== "") problems.invalidFor(at(path, key), name, dns1123LabelProblems(name));
  }
  if (!hasAt(spec, "hostnameOverride")) return;
  const own = at(path, "hostnameOverride");
  const name = textAt(spec, "hostnameOverride");
  if (isTrueAt(spec, "setHostnameAsFQDN")) problems.forbidden(own, "may not be specified when setHostnameAsFQDN is true");
  if (isTrueAt(spec, "hostNetwork")) problems.forbidden(own, "may not be specified when hostNetwork is true");
  if (name.length > 64) problems.tooLong(own, 64);
  problems.invalidFor(own, name, dns1123SubdomainProblems(name));
}

function dnsConfig(spec: JsonObject, path: string, problems: Problems): void {
  const own = at(path, "dnsConfig");
  const config = objectIn(spec, "dnsConfig");
  const servers = textsAt(config ?? {}, "nameservers");
  if (textAt(spec, "dnsPolicy") === "None") {
    if (!config) return problems.required(own, "must provide `dnsConfig` when `dnsPolicy` is None");
    if (servers.length === 0)
      return problems.required(at(own, "nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None");
  }
  if (!config) return;
  if (servers.length > 3) problems.invalid(at(own, "nameservers"), servers, "must not have more than 3 nameservers");
  servers.forEach((server, index) => ipProblem(server, `${at(own, "nameservers")}[${index}]`, problems));
  const searches = textsAt(config, "searches");
  if (searches.length > 32) problems.invalid(at(own, "searches"), searches, "must not have more than 32 search paths");
  if (searches.join(" ").length > 2048) {
    problems.invalid(at(own, "searches"), searches, "must not have more than 2048 characters (including spaces) in the search list");
  }
  searches.forEach((search, index) => {
    // One dot alone is allowed here.
    if (search !== ".") problems.invalidFor(`${at(own, "searches")}[${index}]`, search.replace(/\.$/, ""), searchPathProblems(search));
  });
  objectsAt(config, "options").forEach((option, index) => {
    if (textAt(option, "name") === "") problems.required(`${at(own, "options")}[${index}]`, "must not be empty");
  });
}

const SEARCH_PATH = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*";

/** A domain to search in: a subdomain whose labels may begin with and hold underscores. */
function searchPathProblems(search: string): readonly string[] {
  const name = search.replace(/\.$/, "");
  return [
    ...(name.length > 253 ? ["must be no more than 253 bytes"] : []),
    ...(new RegExp(`^(?:${SEARCH_PATH})$`).test(name)
      ? []
      : [
          `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SEARCH_PATH}')`,
        ]),
  ];
}

/** Claims of devices that containers then ask for by name. @see kubernetes pkg/apis/core/validation validatePodResourceClaims */
function resourceClaims(spec: JsonObject, path: string, problems: Problems): void {
  const seen = new Set<string>();
  objectsAt(spec, "resourceClaims").forEach((claim, index) => {
    const own = `${at(path, "resourceClaims")}[${index}]`;
    const name = textAt(claim, "name");
    if (name === "") problems.required(at(own, "name"));
    else if (seen.has(name)) problems.duplicate(at(own, "name"), name);
    else problems.invalidFor(at(own, "name"), name, dns1123LabelProblems(name));
    seen.add(name);
    const given = ["resourceClaimName", "resourceClaimTemplateName"].filter((key) => hasAt(claim, key));
    if (given.length !== 1) {
      const detail =
        given.length === 0
          ? "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
          : "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
      problems.invalid(own, internalValue("core.PodResourceClaim", claim), detail);
    }
    for (const key of given) problems.invalidFor(at(own, key), textAt(claim, key), dns1123SubdomainProblems(textAt(claim, key)));
  });
}

function gates(spec: JsonObject, path: string, problems: Problems): void {
  objectsAt(spec, "readinessGates").forEach((gate, index) => {
    const type = textAt(gate, "conditionType");
    problems.invalidFor(`${at(path, "readinessGates")}[${index}].conditionType`, type, labelKeyProblems(type));
  });
  const seen = new Set<string>();
  objectsAt(spec, "schedulingGates").forEach((gate, index) => {
    const name = textAt(gate, "name");
    const own = `${at(path, "schedulingGates")}[${index}]`;
    problems.invalidFor(own, name, labelKeyProblems(name));
    if (seen.has(name)) problems.duplicate(own, name);
    seen.add(name);
  });
}

function hostUsers(spec: JsonObject, path: string, problems: Problems): void {
  if (spec["hostUsers"] !== false) return;
  for (const [key, shown] of [
    ["hostNetwork", "hostNetwork"],
    ["hostPID", "HostPID"],
    ["hostIPC", "HostIPC"],
  ] as const) {
    if (isTrueAt(spec, key)) problems.forbidden(at(path, shown), "when `hostUsers` is false");
  }
}

function hostAliases(spec: JsonObject, path: string, problems: Problems): void {
  objectsAt(spec, "hostAliases").forEach((alias, index) => {
    const own = `${at(path, "hostAliases")}[${index}]`;
    ipProblem(textAt(alias, "ip"), at(own, "ip"), problems);
    textsAt(alias, "hostnames").forEach((name, position) =>
      problems.invalidFor(`${at(own, "hostnames")}[${position}]`, name, dns1123SubdomainProblems(name)),
    );
  });
}

const NOT_ON_WINDOWS: readonly string[] = ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"];
const NOT_IN_WINDOWS_POD: readonly string[] = ["appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy"]; // prettier-ignore
const NOT_IN_WINDOWS_CONTAINER: readonly string[] = ["appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup"]; // prettier-ignore

function operatingSystem(spec: JsonObject, path: string, problems: Problems): void {
  const os = objectIn(spec, "os");
  if (!os) return;
  const name = textAt(os, "name");
  if (name === "") return problems.required(at(path, "os", "name"));
  if (name !== "linux" && name !== "windows") return problems.notSupported(at(path, "os"), name, ["linux", "windows"]);
  const detail = name === "linux" ? "windows options cannot be set for a linux pod" : "cannot be set for a windows pod";
  const forbid = (owner: JsonObject, own: string, keys: readonly string[]): void => {
    for (const key of keys) if (hasAt(owner, key) && owner[key] !== false) problems.forbidden(at(own, key), detail);
  };
  const isLinux = name === "linux";
  if (!isLinux) forbid(spec, path, NOT_ON_WINDOWS);
  forbid(objectAt(spec, "securityContext"), at(path, "securityContext"), isLinux ? ["windowsOptions"] : NOT_IN_WINDOWS_POD);
  for (const kind of ["initContainers", "containers", "ephemeralContainers"]) {
    objectsAt(spec, kind).forEach((container, index) =>
      forbid(
        objectAt(container, "securityContext"),
        `${at(path, kind)}[${index}].securityContext`,
        isLinux ? ["windowsOptions"] : NOT_IN_WINDOWS_CONTAINER,
      ),
    );
  }
}
