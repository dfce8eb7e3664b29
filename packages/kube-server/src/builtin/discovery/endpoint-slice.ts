// SPDX-License-Identifier: Apache-2.0
import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelKeyProblems,
  labelValueProblems,
  type JsonObject,
  type KubeObject,
} from "@flux-ts/kube-core";
import { endpointIp } from "../core/endpoints.ts";
import { ipProblem, isIp, isIpv4 } from "../core/ip-address.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { drop, hasAt, objectAt, objectsAt, textAt, textsAt } from "../shape.ts";
import { endpointSliceTable } from "../table/other-tables.ts";
import { fullyQualifiedDomainName } from "../validation/domain-names.ts";
import { immutable, isSame } from "../validation/immutable.ts";
import { labels } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { requireOneOf } from "../validation/scalars.ts";

const TYPES: readonly string[] = ["FQDN", "IPv4", "IPv6"];
const PROTOCOLS: readonly string[] = ["SCTP", "TCP", "UDP"];
const MAX = { endpoints: 1000, addresses: 100, ports: 20_000, topology: 16, hints: 8 } as const;

/** discovery.k8s.io/v1 EndpointSlice. */
export const endpointSlice: KindBehaviour = {
  printer: endpointSliceTable,
  strategy: {
    metadataOnUpdate: { asChange: 0, asWhole: 1 },
    changesGeneration: (object, old) =>
      !isSame(withoutMeta(object), withoutMeta(old)) || !isSame(object.metadata.labels, old.metadata.labels),
    prepareCreate: withoutTopology,
    prepareUpdate: (object, old) => (isSame(object["endpoints"], old["endpoints"]) ? object : withoutTopology(object)),
    validate: (object) => problemsOf((problems) => slice(object, undefined, problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        slice(object, old, problems);
        immutable(object, old, "", problems, "addressType");
      }),
  },
};

/** In v1 the topology of an endpoint is what older versions wrote: nobody writes it anew. */
function withoutTopology(object: KubeObject): KubeObject {
  const endpoints = objectsAt(object, "endpoints");
  if (!endpoints.some((one) => hasAt(one, "deprecatedTopology"))) return object;
  return { ...object, endpoints: endpoints.map((one) => drop(one, "deprecatedTopology")) };
}

function withoutMeta(object: KubeObject): JsonObject {
  return drop(object, "metadata");
}

function slice(object: KubeObject, old: KubeObject | undefined, problems: Problems): void {
  requireOneOf(object, "addressType", "", problems, TYPES);
  slicePorts(object, problems);
  // What was wrong before and is the same may stay.
  if (old && isSame(object["endpoints"], old["endpoints"])) return;
  const all = objectsAt(object, "endpoints");
  if (all.length > MAX.endpoints) problems.tooMany("endpoints", all.length, MAX.endpoints);
  else all.forEach((one, index) => endpoint(one, textAt(object, "addressType"), `endpoints[${index}]`, problems));
}

function endpoint(one: JsonObject, type: string, path: string, problems: Problems): void {
  const addresses = textsAt(one, "addresses");
  if (addresses.length === 0) problems.required(`${path}.addresses`, "must contain at least 1 address");
  else if (addresses.length > MAX.addresses) problems.tooMany(`${path}.addresses`, addresses.length, MAX.addresses);
  addresses.forEach((value, index) => address(value, type, `${path}.addresses`, index, problems));
  const node = textAt(one, "nodeName");
  if (hasAt(one, "nodeName")) problems.invalidFor(`${path}.nodeName`, node, dns1123SubdomainProblems(node));
  const topology = objectAt(one, "deprecatedTopology");
  const keys = Object.keys(topology).length;
  if (keys > MAX.topology) problems.tooMany(`${path}.deprecatedTopology`, keys, MAX.topology);
  labels(topology, `${path}.deprecatedTopology`, problems);
  const host = textAt(one, "hostname");
  if (hasAt(one, "hostname")) problems.invalidFor(`${path}.hostname`, host, dns1123LabelProblems(host));
  hints(objectAt(one, "hints"), "forZones", labelValueProblems, `${path}.hints`, problems);
  hints(objectAt(one, "hints"), "forNodes", dns1123SubdomainProblems, `${path}.hints`, problems);
}

function address(value: string, type: string, path: string, index: number, problems: Problems): void {
  const own = `${path}[${index}]`;
  if (type === "FQDN") return fullyQualifiedDomainName(value, own, problems);
  if (type !== "IPv4" && type !== "IPv6") return;
  if (!isIp(value)) return ipProblem(value, own, problems);
  if (isIpv4(value) !== (type === "IPv4")) problems.invalid(path, value, `must be an ${type} address`);
  endpointIp(value, own, problems);
}

function hints(owner: JsonObject, name: string, rule: (text: string) => readonly string[], path: string, problems: Problems): void {
  const all = objectsAt(owner, name).map((hint) => textAt(hint, "name"));
  if (all.length > MAX.hints) return problems.tooMany(`${path}.${name}`, all.length, MAX.hints);
  all.forEach((value, index) => {
    const own = `${path}.${name}[${index}].name`;
    if (all.indexOf(value) < index) problems.duplicate(own, value);
    problems.invalidFor(own, value, rule(value));
  });
}

function slicePorts(object: KubeObject, problems: Problems): void {
  const all = objectsAt(object, "ports");
  if (all.length > MAX.ports) return problems.tooMany("ports", all.length, MAX.ports);
  const names = new Set<string>();
  all.forEach((port, index) => {
    const [path, name] = [`ports[${index}]`, textAt(port, "name")];
    if (name !== "") problems.invalidFor(`${path}.name`, name, dns1123LabelProblems(name));
    if (names.has(name)) problems.duplicate(`${path}.name`, name);
    names.add(name);
    if (!hasAt(port, "protocol")) problems.required(`${path}.protocol`);
    else if (!PROTOCOLS.includes(textAt(port, "protocol"))) problems.notSupported(`${path}.protocol`, port["protocol"], PROTOCOLS);
    const protocol = textAt(port, "appProtocol");
    if (hasAt(port, "appProtocol")) problems.invalidFor(`${path}.appProtocol`, protocol, labelKeyProblems(protocol));
  });
}
