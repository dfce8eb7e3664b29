// SPDX-License-Identifier: Apache-2.0
// A table: the kinds of the smaller groups.
import { mutatingPolicy, mutatingPolicyBinding, validatingPolicy, validatingPolicyBinding } from "./admissionregistration/policies.ts";
import { mutatingWebhooks, validatingWebhooks } from "./admissionregistration/webhooks.ts";
import { customResourceDefinition } from "./apiextensions/custom-resource-definition.ts";
import { horizontalPodAutoscaler, oldHorizontalPodAutoscaler } from "./autoscaling/horizontal-pod-autoscaler.ts";
import { certificateSigningRequest } from "./certificates/certificate-signing-request.ts";
import { lease } from "./coordination/lease.ts";
import { endpointSlice } from "./discovery/endpoint-slice.ts";
import type { KindBehaviour } from "./kind-behaviour.ts";
import { ipAddress, serviceCidr } from "./networking/addresses.ts";
import { ingressClass } from "./networking/ingress-class.ts";
import { ingress } from "./networking/ingress.ts";
import { networkPolicy } from "./networking/network-policy.ts";
import { runtimeClass } from "./node/runtime-class.ts";
import { podDisruptionBudget } from "./policy/pod-disruption-budget.ts";
import { clusterRoleBinding, roleBinding } from "./rbac/bindings.ts";
import { clusterRole, role } from "./rbac/roles.ts";
import { priorityClass } from "./scheduling/priority-class.ts";
import { csiDriver, csiNode, csiStorageCapacity } from "./storage/csi.ts";
import { storageClass, volumeAttributesClass } from "./storage/storage-class.ts";
import { volumeAttachment } from "./storage/volume-attachment.ts";
import { keepMetadata } from "./status-metadata.ts";
import * as tables from "./table/other-tables.ts";

const statusOnly: KindBehaviour = {
  resetFields: { "": [["f:status"]], status: [["f:metadata"], ["f:spec"]] },
  strategy: { prepareStatusUpdate: keepMetadata },
};

/** By name in the type table. */
export const otherKinds: Readonly<Record<string, KindBehaviour>> = {
  "admissionregistration.v1.MutatingAdmissionPolicy": mutatingPolicy,
  "admissionregistration.v1.MutatingAdmissionPolicyBinding": mutatingPolicyBinding,
  "admissionregistration.v1.MutatingWebhookConfiguration": mutatingWebhooks,
  "admissionregistration.v1.ValidatingAdmissionPolicy": validatingPolicy,
  "admissionregistration.v1.ValidatingAdmissionPolicyBinding": validatingPolicyBinding,
  "admissionregistration.v1.ValidatingWebhookConfiguration": validatingWebhooks,
  "apiextensions.v1.CustomResourceDefinition": customResourceDefinition,
  "autoscaling.v1.HorizontalPodAutoscaler": oldHorizontalPodAutoscaler,
  "autoscaling.v2.HorizontalPodAutoscaler": horizontalPodAutoscaler,
  "certificates.v1.CertificateSigningRequest": certificateSigningRequest,
  "coordination.v1.Lease": lease,
  "discovery.v1.EndpointSlice": endpointSlice,
  "flowcontrol.v1.FlowSchema": { printer: tables.flowSchemaTable, ...statusOnly },
  "flowcontrol.v1.PriorityLevelConfiguration": { printer: tables.priorityLevelTable, ...statusOnly },
  "networking.v1.Ingress": ingress,
  "networking.v1.IngressClass": ingressClass,
  "networking.v1.IPAddress": ipAddress,
  "networking.v1.NetworkPolicy": networkPolicy,
  "networking.v1.ServiceCIDR": serviceCidr,
  "node.v1.RuntimeClass": runtimeClass,
  "policy.v1.PodDisruptionBudget": podDisruptionBudget,
  "rbac.v1.ClusterRole": clusterRole,
  "rbac.v1.ClusterRoleBinding": clusterRoleBinding,
  "rbac.v1.Role": role,
  "rbac.v1.RoleBinding": roleBinding,
  "resource.v1.DeviceClass": { printer: tables.deviceClassTable },
  "resource.v1.ResourceClaim": { printer: tables.resourceClaimTable, ...statusOnly },
  "resource.v1.ResourceClaimTemplate": { printer: tables.resourceClaimTemplateTable },
  "resource.v1.ResourceSlice": { printer: tables.resourceSliceTable },
  "scheduling.v1.PriorityClass": priorityClass,
  "storage.v1.CSIDriver": csiDriver,
  "storage.v1.CSINode": csiNode,
  "storage.v1.CSIStorageCapacity": csiStorageCapacity,
  "storage.v1.StorageClass": storageClass,
  "storage.v1.VolumeAttachment": volumeAttachment,
  "storage.v1.VolumeAttributesClass": volumeAttributesClass,
};
