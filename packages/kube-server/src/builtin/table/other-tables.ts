// SPDX-License-Identifier: Apache-2.0
// A table: how the kinds of the smaller groups are printed.
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { loadBalancerAddresses } from "../core/tables.ts";
import { hasAt, isTrueAt, listAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import { humanDuration } from "./age.ts";
import { ageOf, countAt, firstOf, isBeingDeleted, NONE, nameOf, selectorText, specOf, statusOf, textOr, UNSET } from "./cells.ts";
import { tableOf } from "./columns.ts";

const defaultMark = (object: KubeObject, ...annotations: readonly string[]): string =>
  annotations.some((key) => object.metadata.annotations?.[key] === "true") ? " (default)" : "";

export const ingressTable = tableOf("networking.Ingress", (object, now) => {
  const spec = specOf(object);
  const rules = objectsAt(spec, "rules");
  const hosts = rules.map((rule) => textAt(rule, "host")).filter((host) => host !== "");
  return [
    nameOf(object),
    textOr(spec, "ingressClassName", NONE),
    hosts.length > 3 || (hosts.length === 3 && rules.length > 3)
      ? `${hosts.slice(0, 3).join(",")} + ${rules.length - 3} more...`
      : hosts.join(",") || "*",
    loadBalancerAddresses(statusOf(object)).join(","),
    listAt(spec, "tls").length > 0 ? "80, 443" : "80",
    ageOf(object, now),
  ];
});

export const ingressClassTable = tableOf("networking.IngressClass", (object, now) => {
  const spec = specOf(object);
  const parameters = objectIn(spec, "parameters");
  const kind =
    parameters && hasAt(parameters, "apiGroup")
      ? `${textAt(parameters, "kind")}.${textAt(parameters, "apiGroup")}`
      : textAt(parameters ?? {}, "kind");
  return [
    nameOf(object) + defaultMark(object, "ingressclass.kubernetes.io/is-default-class"),
    textAt(spec, "controller"),
    parameters ? `${kind}/${textAt(parameters, "name")}` : NONE,
    ageOf(object, now),
  ];
});

export const networkPolicyTable = tableOf("networking.NetworkPolicy", (object, now) => [
  nameOf(object),
  selectorText(specOf(object), "podSelector"),
  ageOf(object, now),
]);

export const serviceCidrTable = tableOf("networking.ServiceCIDR", (object, now) => [
  nameOf(object),
  textsAt(specOf(object), "cidrs").join(","),
  ageOf(object, now),
]);

export const ipAddressTable = tableOf("networking.IPAddress", (object, now) => {
  const parent = objectIn(specOf(object), "parentRef");
  if (!parent) return [nameOf(object), NONE, ageOf(object, now)];
  const resource = [textAt(parent, "resource"), textAt(parent, "group")].filter((part) => part !== "").join(".");
  return [
    nameOf(object),
    [resource.toLowerCase(), textAt(parent, "namespace"), textAt(parent, "name")].filter((part) => part !== "").join("/"),
    ageOf(object, now),
  ];
});

export const endpointSliceTable = tableOf("discovery.EndpointSlice", (object, now) => {
  const ports = objectsAt(object, "ports").map((port) => (hasAt(port, "port") ? String(countAt(port, "port")) : textOr(port, "name", "*")));
  const addresses = objectsAt(object, "endpoints").flatMap((endpoint) => textsAt(endpoint, "addresses"));
  return [
    nameOf(object),
    textAt(object, "addressType"),
    firstOf(ports, 3, ports.length, UNSET),
    firstOf(addresses, 3, addresses.length, UNSET),
    ageOf(object, now),
  ];
});

function subjectNames(object: KubeObject, kind: string): string {
  return objectsAt(object, "subjects")
    .filter((subject) => textAt(subject, "kind") === kind)
    .map((subject) => (kind === "ServiceAccount" ? `${textAt(subject, "namespace")}/${textAt(subject, "name")}` : textAt(subject, "name")))
    .join(", ");
}

const bindingCells = (object: KubeObject, now: number): readonly unknown[] => {
  const role = objectAt(object, "roleRef");
  const subjects = ["User", "Group", "ServiceAccount"].map((kind) => subjectNames(object, kind));
  return [nameOf(object), `${textAt(role, "kind")}/${textAt(role, "name")}`, ageOf(object, now), ...subjects];
};

export const roleBindingTable = tableOf("rbac.RoleBinding", bindingCells);
export const clusterRoleBindingTable = tableOf("rbac.ClusterRoleBinding", bindingCells);

export const podDisruptionBudgetTable = tableOf("policy.PodDisruptionBudget", (object, now) => {
  const spec = specOf(object);
  const amount = (key: string): string => (hasAt(spec, key) ? String(spec[key]) : "N/A");
  return [
    nameOf(object),
    amount("minAvailable"),
    amount("maxUnavailable"),
    countAt(statusOf(object), "disruptionsAllowed"),
    ageOf(object, now),
  ];
});

export const priorityClassTable = tableOf("scheduling.PriorityClass", (object, now) => [
  nameOf(object),
  countAt(object, "value"),
  isTrueAt(object, "globalDefault"),
  ageOf(object, now),
  textAt(object, "preemptionPolicy"),
]);

export const runtimeClassTable = tableOf("node.RuntimeClass", (object, now) => [
  nameOf(object),
  textAt(object, "handler"),
  ageOf(object, now),
]);

export const leaseTable = tableOf("coordination.Lease", (object, now) => [
  nameOf(object),
  textAt(specOf(object), "holderIdentity"),
  ageOf(object, now),
]);

export const storageClassTable = tableOf("storage.StorageClass", (object, now) => [
  nameOf(object) + defaultMark(object, "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"),
  textAt(object, "provisioner"),
  textOr(object, "reclaimPolicy", "Delete"),
  textOr(object, "volumeBindingMode", "Immediate"),
  isTrueAt(object, "allowVolumeExpansion"),
  ageOf(object, now),
]);

export const volumeAttributesClassTable = tableOf("storage.VolumeAttributesClass", (object, now) => [
  nameOf(object),
  textAt(object, "driverName"),
  ageOf(object, now),
]);

export const csiNodeTable = tableOf("storage.CSINode", (object, now) => [
  nameOf(object),
  listAt(specOf(object), "drivers").length,
  ageOf(object, now),
]);

export const csiDriverTable = tableOf("storage.CSIDriver", (object, now) => {
  const spec = specOf(object);
  return [
    nameOf(object),
    spec["attachRequired"] !== false,
    isTrueAt(spec, "podInfoOnMount"),
    isTrueAt(spec, "storageCapacity"),
    hasAt(spec, "tokenRequests")
      ? objectsAt(spec, "tokenRequests")
          .map((one) => textAt(one, "audience"))
          .join(",")
      : UNSET,
    isTrueAt(spec, "requiresRepublish"),
    textsAt(spec, "volumeLifecycleModes").join(",") || NONE,
    ageOf(object, now),
  ];
});

export const csiStorageCapacityTable = tableOf("storage.CSIStorageCapacity", (object) => [
  nameOf(object),
  textAt(object, "storageClassName"),
  textOr(object, "capacity", UNSET),
]);

export const volumeAttachmentTable = tableOf("storage.VolumeAttachment", (object, now) => {
  const spec = specOf(object);
  const volume = textAt(objectAt(spec, "source"), "persistentVolumeName");
  return [
    nameOf(object),
    textAt(spec, "attacher"),
    volume,
    textAt(spec, "nodeName"),
    isTrueAt(statusOf(object), "attached"),
    ageOf(object, now),
  ];
});

const webhookCells = (object: KubeObject, now: number): readonly unknown[] => [
  nameOf(object),
  listAt(object, "webhooks").length,
  ageOf(object, now),
];
export const mutatingWebhookTable = tableOf("admissionregistration.MutatingWebhookConfiguration", webhookCells);
export const validatingWebhookTable = tableOf("admissionregistration.ValidatingWebhookConfiguration", webhookCells);

const policyCells =
  (rules: string) =>
  (object: KubeObject, now: number): readonly unknown[] => {
    const spec = specOf(object);
    const kind = objectIn(spec, "paramKind");
    return [
      nameOf(object),
      listAt(spec, rules).length,
      kind ? `${textAt(kind, "apiVersion")}/${textAt(kind, "kind")}` : UNSET,
      ageOf(object, now),
    ];
  };
export const validatingPolicyTable = tableOf("admissionregistration.ValidatingAdmissionPolicy", policyCells("validations"));
export const mutatingPolicyTable = tableOf("admissionregistration.MutatingAdmissionPolicy", policyCells("mutations"));

const policyBindingCells = (object: KubeObject, now: number): readonly unknown[] => {
  const spec = specOf(object);
  return [nameOf(object), textAt(spec, "policyName"), paramName(objectIn(spec, "paramRef")), ageOf(object, now)];
};
export const validatingPolicyBindingTable = tableOf("admissionregistration.ValidatingAdmissionPolicyBinding", policyBindingCells);
export const mutatingPolicyBindingTable = tableOf("admissionregistration.MutatingAdmissionPolicyBinding", policyBindingCells);

function paramName(reference: JsonObject | undefined): string {
  if (!reference) return UNSET;
  if (textAt(reference, "name") !== "") return `${textAt(reference, "namespace") || "*"}/${textAt(reference, "name")}`;
  return hasAt(reference, "selector") ? selectorText(reference) : UNSET;
}

export const certificateSigningRequestTable = tableOf("certificates.CertificateSigningRequest", (object, now) => {
  const [spec, status] = [specOf(object), statusOf(object)];
  const has = (type: string): boolean => objectsAt(status, "conditions").some((one) => textAt(one, "type") === type);
  const verdict = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return [
    nameOf(object),
    ageOf(object, now),
    textAt(spec, "signerName") || NONE,
    textAt(spec, "username"),
    hasAt(spec, "expirationSeconds") ? humanDuration(countAt(spec, "expirationSeconds") * 1000) : NONE,
    verdict + (has("Failed") ? ",Failed" : "") + (textAt(status, "certificate") === "" ? "" : ",Issued"),
  ];
});

export const flowSchemaTable = tableOf("flowcontrol.FlowSchema", (object, now) => {
  const spec = specOf(object);
  const dangling = objectsAt(statusOf(object), "conditions").find((one) => textAt(one, "type") === "Dangling");
  return [
    nameOf(object),
    textAt(objectAt(spec, "priorityLevelConfiguration"), "name"),
    countAt(spec, "matchingPrecedence"),
    textOr(objectAt(spec, "distinguisherMethod"), "type", NONE),
    ageOf(object, now),
    dangling ? textAt(dangling, "status") : "?",
  ];
});

export const priorityLevelTable = tableOf("flowcontrol.PriorityLevelConfiguration", (object, now) => {
  const spec = specOf(object);
  const limited = objectIn(spec, "limited");
  const queuing = limited && objectIn(objectAt(limited, "limitResponse"), "queuing");
  const of = (owner: JsonObject | undefined, key: string): unknown => (owner ? countAt(owner, key) : NONE);
  return [
    nameOf(object),
    textAt(spec, "type"),
    of(limited, "nominalConcurrencyShares"),
    of(queuing, "queues"),
    of(queuing, "handSize"),
    of(queuing, "queueLengthLimit"),
    ageOf(object, now),
  ];
});

export const deviceClassTable = tableOf("resource.DeviceClass", (object, now) => [nameOf(object), ageOf(object, now)]);
export const resourceClaimTemplateTable = tableOf("resource.ResourceClaimTemplate", (object, now) => [nameOf(object), ageOf(object, now)]);

export const resourceClaimTable = tableOf("resource.ResourceClaim", (object, now) => {
  const status = statusOf(object);
  const isAllocated = hasAt(status, "allocation");
  const states = [
    isBeingDeleted(object) ? "deleted" : isAllocated ? "" : "pending",
    isAllocated ? "allocated" : "",
    isAllocated && listAt(status, "reservedFor").length > 0 ? "reserved" : "",
  ];
  return [nameOf(object), states.filter((state) => state !== "").join(","), ageOf(object, now)];
});

export const resourceSliceTable = tableOf("resource.ResourceSlice", (object, now) => {
  const spec = specOf(object);
  return [nameOf(object), textAt(spec, "nodeName"), textAt(spec, "driver"), textAt(objectAt(spec, "pool"), "name"), ageOf(object, now)];
});
