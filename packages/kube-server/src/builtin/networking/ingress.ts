// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, dns1123SubdomainProblems, portNameProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { isIp } from "../core/ip-address.ts";
import { loadBalancerAddress } from "../core/service.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, listAt, numberAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import { ingressTable } from "../table/other-tables.ts";
import { wildcardDomainProblems } from "../validation/domain-names.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { portNumber } from "../validation/scalars.ts";
import { typedReference } from "./typed-reference.ts";

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const PATH_TYPES: readonly string[] = ["Exact", "ImplementationSpecific", "Prefix"];
const ABSOLUTE = "must be an absolute path";
const DNS_NAME = "must be a DNS name, not an IP address";

/** networking.k8s.io/v1 Ingress. */
export const ingress: KindBehaviour = {
  printer: ingressTable,
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    validate: (object) =>
      problemsOf((problems) => {
        ingressSpec(objectAt(object, "spec"), problems);
        classes(object, problems);
      }),
    validateUpdate: (object) => problemsOf((problems) => ingressSpec(objectAt(object, "spec"), problems)),
    validateStatusUpdate: (object) =>
      problemsOf((problems) => {
        const path = "status.loadBalancer.ingress";
        objectsAt(objectAt(objectAt(object, "status"), "loadBalancer"), "ingress").forEach((entry, index) =>
          loadBalancerAddress(entry, `${path}[${index}]`, problems),
        );
      }),
    warnings: (object, old) =>
      old === undefined &&
      object.metadata.annotations?.[CLASS_ANNOTATION] !== undefined &&
      !hasAt(objectAt(object, "spec"), "ingressClassName")
        ? [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`]
        : [],
  },
};

function classes(object: KubeObject, problems: Problems): void {
  const annotation = object.metadata.annotations?.[CLASS_ANNOTATION];
  const spec = objectAt(object, "spec");
  if (annotation !== undefined && hasAt(spec, "ingressClassName") && annotation !== textAt(spec, "ingressClassName")) {
    problems.invalid(`annotations.${CLASS_ANNOTATION}`, annotation, "must match `ingressClassName` when both are specified");
  }
}

/** @see kubernetes pkg/apis/networking/validation ValidateIngressSpec */
function ingressSpec(spec: JsonObject, problems: Problems): void {
  const defaultBackend = objectIn(spec, "defaultBackend");
  if (listAt(spec, "rules").length === 0 && !defaultBackend) {
    problems.invalid("spec", spec["rules"] ?? null, "either `defaultBackend` or `rules` must be specified");
  }
  if (defaultBackend) backend(defaultBackend, "spec.defaultBackend", problems);
  objectsAt(spec, "rules").forEach((rule, index) => ingressRule(rule, `spec.rules[${index}]`, problems));
  objectsAt(spec, "tls").forEach((tls, index) => {
    textsAt(tls, "hosts").forEach((host, at) => problems.invalidFor(`spec.tls[${index}].hosts[${at}]`, host, hostProblems(host)));
    const secret = textAt(tls, "secretName");
    if (secret !== "") problems.invalidFor(`spec.tls[${index}].secretName`, secret, dns1123SubdomainProblems(secret));
  });
  if (hasAt(spec, "ingressClassName")) {
    problems.invalidFor("spec.ingressClassName", spec["ingressClassName"], dns1123SubdomainProblems(textAt(spec, "ingressClassName")));
  }
}

function hostProblems(host: string): readonly string[] {
  return host.includes("*") ? wildcardDomainProblems(host) : dns1123SubdomainProblems(host);
}

function ingressRule(rule: JsonObject, path: string, problems: Problems): void {
  const host = textAt(rule, "host");
  if (isIp(host)) problems.invalid(`${path}.host`, host, DNS_NAME);
  if (host !== "") problems.invalidFor(`${path}.host`, host, hostProblems(host));
  const http = objectIn(rule, "http");
  if (!http) return;
  if (listAt(http, "paths").length === 0) problems.required(`${path}.http.paths`);
  objectsAt(http, "paths").forEach((entry, index) => httpPath(entry, `${path}.http.paths[${index}]`, problems));
}

function httpPath(entry: JsonObject, path: string, problems: Problems): void {
  if (!hasAt(entry, "pathType")) return problems.required(`${path}.pathType`, "pathType must be specified");
  const [type, value] = [textAt(entry, "pathType"), textAt(entry, "path")];
  if (!PATH_TYPES.includes(type)) problems.notSupported(`${path}.pathType`, type, PATH_TYPES);
  else if (type === "ImplementationSpecific") {
    if (value !== "" && !value.startsWith("/")) problems.invalid(`${path}.path`, value, ABSOLUTE);
  } else cleanPath(value, `${path}.path`, problems);
  backend(objectAt(entry, "backend"), `${path}.backend`, problems);
}

function cleanPath(value: string, path: string, problems: Problems): void {
  if (!value.startsWith("/")) problems.invalid(path, value, ABSOLUTE);
  for (const part of ["//", "/./", "/../", "%2f", "%2F"])
    if (value.includes(part)) problems.invalid(path, value, `must not contain '${part}'`);
  for (const end of ["/..", "/."]) if (value.endsWith(end)) problems.invalid(path, value, `cannot end with '${end}'`);
}

function backend(entry: JsonObject, path: string, problems: Problems): void {
  const [service, resource] = [objectIn(entry, "service"), objectIn(entry, "resource")];
  if (service && resource) problems.invalid(path, "", "cannot set both resource and service backends");
  else if (resource) typedReference(resource, `${path}.resource`, problems);
  else if (service) serviceBackend(service, path, problems);
  else problems.invalid(path, "", "resource or service backend is required");
}

function serviceBackend(service: JsonObject, path: string, problems: Problems): void {
  const name = textAt(service, "name");
  if (name === "") problems.required(`${path}.service.name`);
  else problems.invalidFor(`${path}.service.name`, name, dns1123LabelProblems(name));
  const port = objectAt(service, "port");
  const [portName, number] = [textAt(port, "name"), numberAt(port, "number") ?? 0];
  if (portName !== "" && number !== 0) problems.invalid(path, "", "cannot set both port name & port number");
  else if (portName !== "") problems.invalidFor(`${path}.service.port.name`, portName, portNameProblems(portName));
  else if (number !== 0) portNumber(number, `${path}.service.port.number`, problems);
  else problems.required(path, "port name or number is required");
}
