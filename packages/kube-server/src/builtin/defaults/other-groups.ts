// SPDX-License-Identifier: Apache-2.0
import { fill, hasAt, listAt, objectAt, put, textAt } from "../shape.ts";
import type { TypeDefault } from "./type-default.ts";

const RBAC = "rbac.authorization.k8s.io";
const WEBHOOK = { failurePolicy: "Fail", matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {}, timeoutSeconds: 10 };

/** Defaults of the other groups, by type. @see kubernetes/kubernetes pkg/apis, the defaults.go of each group and version */
export const otherDefaults: Readonly<Record<string, TypeDefault>> = {
  "networking.v1.NetworkPolicyPort": (port) => fill(port, { protocol: "TCP" }),
  "networking.v1.NetworkPolicySpec": (spec) =>
    listAt(spec, "policyTypes").length > 0
      ? spec
      : put(spec, "policyTypes", listAt(spec, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"]),
  "networking.v1.IngressClassParametersReference": (reference) => fill(reference, { scope: "Cluster" }),
  "rbac.v1.ClusterRoleBinding": (binding) => put(binding, "roleRef", fillText(objectAt(binding, "roleRef"), "apiGroup", RBAC)),
  "rbac.v1.RoleBinding": (binding) => put(binding, "roleRef", fillText(objectAt(binding, "roleRef"), "apiGroup", RBAC)),
  "rbac.v1.Subject": (subject) => {
    const kind = textAt(subject, "kind");
    return kind === "User" || kind === "Group" ? fillText(subject, "apiGroup", RBAC) : subject;
  },
  "discovery.v1.EndpointPort": (port) => fill(port, { name: "", protocol: "TCP" }),
  "storage.v1.StorageClass": (storageClass) => fill(storageClass, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
  "storage.v1.CSIDriverSpec": (spec) =>
    fill(spec, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: "ReadWriteOnceWithFSType",
      requiresRepublish: false,
      seLinuxMount: false,
      ...(listAt(spec, "volumeLifecycleModes").length === 0 ? { volumeLifecycleModes: ["Persistent"] } : {}),
    }),
  "scheduling.v1.PriorityClass": (priorityClass) => fill(priorityClass, { preemptionPolicy: "PreemptLowerPriority" }),
  "admissionregistration.v1.ValidatingWebhook": (webhook) => fill(webhook, WEBHOOK),
  "admissionregistration.v1.MutatingWebhook": (webhook) => fill(webhook, { ...WEBHOOK, reinvocationPolicy: "Never" }),
  "admissionregistration.v1.RuleWithOperations": (rule) => fill(rule, { scope: "*" }),
  "admissionregistration.v1.NamedRuleWithOperations": (rule) => fill(rule, { scope: "*" }),
  "admissionregistration.v1.ServiceReference": (reference) => fill(reference, { port: 443 }),
  "admissionregistration.v1.ValidatingAdmissionPolicySpec": (spec) => fill(spec, { failurePolicy: "Fail" }),
  "admissionregistration.v1.MutatingAdmissionPolicySpec": (spec) => fill(spec, { failurePolicy: "Fail" }),
  "admissionregistration.v1.MatchResources": (match) =>
    fill(match, { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} }),
  "flowcontrol.v1.FlowSchemaSpec": (spec) => fill(spec, { matchingPrecedence: 1000 }),
  "flowcontrol.v1.ExemptPriorityLevelConfiguration": (configuration) =>
    fill(configuration, { nominalConcurrencyShares: 0, lendablePercent: 0 }),
  "flowcontrol.v1.LimitedPriorityLevelConfiguration": (configuration) =>
    fill(configuration, { nominalConcurrencyShares: 30, lendablePercent: 0 }),
  "flowcontrol.v1.QueuingConfiguration": (configuration) => fill(configuration, { handSize: 8, queues: 64, queueLengthLimit: 50 }),
  "resource.v1.ExactDeviceRequest": countDevices,
  "resource.v1.DeviceSubRequest": countDevices,
  "resource.v1.DeviceToleration": (toleration) => fill(toleration, { operator: "Equal" }),
  "apiregistration.v1.ServiceReference": (reference) => fill(reference, { port: 443 }),
  "apiextensions.v1.ServiceReference": (reference) => fill(reference, { port: 443 }),
};

function countDevices(request: Parameters<TypeDefault>[0]): ReturnType<TypeDefault> {
  const filled = fill(request, { allocationMode: "ExactCount" });
  return textAt(filled, "allocationMode") === "ExactCount" && !hasAt(filled, "count") ? put(filled, "count", 1) : filled;
}

/** Like `fill`, for a field that is always written: empty counts as missing. */
function fillText(object: Parameters<TypeDefault>[0], key: string, value: string): ReturnType<TypeDefault> {
  return textAt(object, key) === "" ? put(object, key, value) : object;
}
