// SPDX-License-Identifier: Apache-2.0
// A table: built-in kinds that are, or will be, out of use. As k8s.io/api 0.36 has them.

/** From which minor version of Kubernetes 1 a kind is deprecated and gone, and what takes its place. */
interface Lifecycle {
  readonly deprecated: number;
  readonly removed: number;
  readonly replacement: string | undefined;
}

/** "deprecated removed apiVersion/kinds", where a replacement is in the API version behind the arrow, under the same name. */
const ROWS: readonly string[] = [
  "35 38 admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy,MutatingAdmissionPolicyBinding",
  "29 32 admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicy,ValidatingAdmissionPolicyBinding",
  "37 40 admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicy,MutatingAdmissionPolicyBinding > admissionregistration.k8s.io/v1",
  "16 22 admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration,ValidatingWebhookConfiguration > admissionregistration.k8s.io/v1",
  "31 34 admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicy,ValidatingAdmissionPolicyBinding",
  "8 16 apps/v1beta1 ControllerRevision,Deployment,DeploymentRollback,StatefulSet > apps/v1",
  "8 16 apps/v1beta1 Scale > autoscaling/v1",
  "9 16 apps/v1beta2 ControllerRevision,DaemonSet,Deployment,ReplicaSet,StatefulSet > apps/v1",
  "9 16 apps/v1beta2 Scale > autoscaling/v1",
  "29 32 authentication.k8s.io/v1alpha1 SelfSubjectReview",
  "30 33 authentication.k8s.io/v1beta1 SelfSubjectReview",
  "19 22 authentication.k8s.io/v1beta1 TokenReview > authentication.k8s.io/v1",
  "19 22 authorization.k8s.io/v1beta1 LocalSubjectAccessReview,SelfSubjectAccessReview,SelfSubjectRulesReview,SubjectAccessReview > authorization.k8s.io/v1",
  "21 25 batch/v1beta1 CronJob > batch/v1",
  "34 37 certificates.k8s.io/v1alpha1 ClusterTrustBundle",
  "19 22 certificates.k8s.io/v1beta1 CertificateSigningRequest > certificates.k8s.io/v1",
  "37 40 certificates.k8s.io/v1beta1 ClusterTrustBundle",
  "38 41 certificates.k8s.io/v1beta1 PodCertificateRequest",
  "35 38 coordination.k8s.io/v1alpha2 LeaseCandidate",
  "19 22 coordination.k8s.io/v1beta1 Lease > coordination.k8s.io/v1",
  "36 39 coordination.k8s.io/v1beta1 LeaseCandidate",
  "21 25 discovery.k8s.io/v1beta1 EndpointSlice > discovery.k8s.io/v1",
  "22 25 events.k8s.io/v1beta1 Event",
  "8 16 extensions/v1beta1 DaemonSet,Deployment,ReplicaSet > apps/v1",
  "8 16 extensions/v1beta1 DeploymentRollback",
  "14 22 extensions/v1beta1 Ingress > networking.k8s.io/v1",
  "9 16 extensions/v1beta1 NetworkPolicy > networking.k8s.io/v1",
  "2 16 extensions/v1beta1 Scale",
  "23 26 flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema,PriorityLevelConfiguration > flowcontrol.apiserver.k8s.io/v1beta3",
  "26 29 flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema,PriorityLevelConfiguration > flowcontrol.apiserver.k8s.io/v1beta3",
  "29 32 flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema,PriorityLevelConfiguration > flowcontrol.apiserver.k8s.io/v1",
  "34 37 networking.k8s.io/v1beta1 IPAddress,ServiceCIDR",
  "19 22 networking.k8s.io/v1beta1 Ingress > networking.k8s.io/v1",
  "19 22 networking.k8s.io/v1beta1 IngressClass > networking.k8s.io/v1 IngressClassList",
  "22 25 node.k8s.io/v1beta1 RuntimeClass",
  "22 25 policy/v1beta1 Eviction",
  "21 25 policy/v1beta1 PodDisruptionBudget > policy/v1",
  "17 22 rbac.authorization.k8s.io/v1beta1 ClusterRole,ClusterRoleBinding,Role,RoleBinding > rbac.authorization.k8s.io/v1",
  "36 39 resource.k8s.io/v1alpha3 DeviceTaintRule",
  "39 42 resource.k8s.io/v1alpha3 ResourcePoolStatusRequest",
  "35 38 resource.k8s.io/v1beta1 DeviceClass,ResourceClaim,ResourceClaimTemplate,ResourceSlice",
  "36 39 resource.k8s.io/v1beta2 DeviceClass,ResourceClaim,ResourceClaimTemplate,ResourceSlice",
  "39 42 resource.k8s.io/v1beta2 DeviceTaintRule",
  "14 22 scheduling.k8s.io/v1beta1 PriorityClass > scheduling.k8s.io/v1",
  "21 24 storage.k8s.io/v1alpha1 CSIStorageCapacity > storage.k8s.io/v1beta1",
  "21 24 storage.k8s.io/v1alpha1 VolumeAttachment > storage.k8s.io/v1",
  "32 35 storage.k8s.io/v1alpha1 VolumeAttributesClass > storage.k8s.io/v1",
  "19 22 storage.k8s.io/v1beta1 CSIDriver,StorageClass,VolumeAttachment > storage.k8s.io/v1",
  "17 22 storage.k8s.io/v1beta1 CSINode > storage.k8s.io/v1",
  "24 27 storage.k8s.io/v1beta1 CSIStorageCapacity > storage.k8s.io/v1",
  "34 37 storage.k8s.io/v1beta1 VolumeAttributesClass > storage.k8s.io/v1",
  "38 41 storagemigration.k8s.io/v1beta1 StorageVersionMigration",
];

function lifecycles(): Map<string, Lifecycle> {
  const table = new Map<string, Lifecycle>();
  for (const row of ROWS) {
    const [what = "", instead] = row.split(" > ");
    const [deprecated = "", removed = "", apiVersion = "", kinds = ""] = what.split(" ");
    for (const kind of kinds.split(",")) {
      const replacement = instead === undefined ? undefined : instead.includes(" ") ? instead : `${instead} ${kind}`;
      table.set(`${apiVersion} ${kind}`, { deprecated: Number(deprecated), removed: Number(removed), replacement });
    }
  }
  return table;
}

const LIFECYCLES: ReadonlyMap<string, Lifecycle> = lifecycles();

/** What is told of a kind that is deprecated in a version of Kubernetes; undefined when it is not. */
export function deprecationOf(apiVersion: string, kind: string, major: number, minor: number): string | undefined {
  const found = LIFECYCLES.get(`${apiVersion} ${kind}`);
  if (found === undefined || major < 1 || (major === 1 && minor < found.deprecated)) return undefined;
  const instead = found.replacement === undefined ? "" : `; use ${found.replacement}`;
  return `${apiVersion} ${kind} is deprecated in v1.${found.deprecated}+, unavailable in v1.${found.removed}+${instead}`;
}
