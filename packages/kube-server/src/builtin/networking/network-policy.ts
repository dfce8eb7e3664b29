// SPDX-License-Identifier: Apache-2.0
import { portNameProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { isCidr } from "../core/ip-address.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, listAt, numberAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import { networkPolicyTable } from "../table/other-tables.ts";
import { labelSelector } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { portNumber } from "../validation/scalars.ts";
import { cidr, isInside } from "./cidr.ts";

const TYPES: readonly string[] = ["Ingress", "Egress"];
const PROTOCOLS: readonly string[] = ["TCP", "UDP", "SCTP"];

/** networking.k8s.io/v1 NetworkPolicy. */
export const networkPolicy: KindBehaviour = {
  printer: networkPolicyTable,
  strategy: {
    validate: (object) => problemsOf((problems) => policySpec(objectAt(object, "spec"), new Set(), problems)),
    validateUpdate: (object, old) => problemsOf((problems) => policySpec(objectAt(object, "spec"), cidrsOf(old), problems)),
  },
};

/** Ranges that are there already may stay, right or wrong. */
function cidrsOf(object: KubeObject): ReadonlySet<string> {
  const spec = objectAt(object, "spec");
  const peers = [
    ...objectsAt(spec, "ingress").flatMap((rule) => objectsAt(rule, "from")),
    ...objectsAt(spec, "egress").flatMap((rule) => objectsAt(rule, "to")),
  ];
  return new Set(peers.flatMap((peer) => [textAt(objectAt(peer, "ipBlock"), "cidr"), ...textsAt(objectAt(peer, "ipBlock"), "except")]));
}

/** @see kubernetes pkg/apis/networking/validation ValidateNetworkPolicySpec */
function policySpec(spec: JsonObject, known: ReadonlySet<string>, problems: Problems): void {
  labelSelector(objectAt(spec, "podSelector"), "spec.podSelector", problems);
  for (const [rules, peers] of [
    ["ingress", "from"],
    ["egress", "to"],
  ] as const) {
    objectsAt(spec, rules).forEach((rule, index) => {
      objectsAt(rule, "ports").forEach((port, at) => policyPort(port, `spec.${rules}[${index}].ports[${at}]`, problems));
      objectsAt(rule, peers).forEach((peer, at) => policyPeer(peer, `spec.${rules}[${index}].${peers}[${at}]`, known, problems));
    });
  }
  const types = textsAt(spec, "policyTypes");
  if (types.length > TYPES.length) problems.invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
  else types.forEach((type, index) => void (TYPES.includes(type) || problems.notSupported(`spec.policyTypes[${index}]`, type, TYPES)));
}

function policyPort(entry: JsonObject, path: string, problems: Problems): void {
  if (hasAt(entry, "protocol") && !PROTOCOLS.includes(textAt(entry, "protocol"))) {
    problems.notSupported(`${path}.protocol`, entry["protocol"], PROTOCOLS);
  }
  const [port, end] = [entry["port"], numberAt(entry, "endPort")];
  if (typeof port === "number") {
    portNumber(port, `${path}.port`, problems);
    if (end !== undefined && end < port) problems.invalid(`${path}.endPort`, port, "must be greater than or equal to `port`");
    if (end !== undefined) portNumber(end, `${path}.endPort`, problems);
  } else if (typeof port === "string") {
    if (end !== undefined) problems.invalid(`${path}.endPort`, end, "may not be specified when `port` is non-numeric");
    problems.invalidFor(`${path}.port`, port, portNameProblems(port));
  } else if (end !== undefined) problems.invalid(`${path}.endPort`, end, "may not be specified when `port` is not specified");
}

function policyPeer(peer: JsonObject, path: string, known: ReadonlySet<string>, problems: Problems): void {
  const selectors = ["podSelector", "namespaceSelector"].filter((name) => hasAt(peer, name));
  for (const name of selectors) labelSelector(objectAt(peer, name), `${path}.${name}`, problems);
  const block = objectIn(peer, "ipBlock");
  if (block) ipBlock(block, `${path}.ipBlock`, known, problems);
  if (!block && selectors.length === 0) problems.required(path, "must specify a peer");
  else if (block && selectors.length > 0) problems.forbidden(path, "may not specify both ipBlock and another peer");
}

function ipBlock(block: JsonObject, path: string, known: ReadonlySet<string>, problems: Problems): void {
  const range = textAt(block, "cidr");
  if (range === "") return problems.required(`${path}.cidr`);
  if (!known.has(range)) cidr(range, `${path}.cidr`, problems);
  if (!isCidr(range)) return;
  listAt(block, "except").forEach((item, index) => {
    const except = typeof item === "string" ? item : "";
    if (!known.has(except)) cidr(except, `${path}.except[${index}]`, problems);
    if (isCidr(except) && !isInside(except, range)) {
      problems.invalid(`${path}.except[${index}]`, except, "must be a strict subset of `cidr`");
    }
  });
}
