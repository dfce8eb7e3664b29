// SPDX-License-Identifier: Apache-2.0

const clusterScoped: ReadonlySet<string> = new Set([
  ...both("admissionregistration.k8s.io", ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
  ...both("apiextensions.k8s.io", ["CustomResourceDefinition"]),
  ...both("apiregistration.k8s.io", ["APIService"]),
  ...both("certificates.k8s.io", ["CertificateSigningRequest"]),
  ...both("networking.k8s.io", ["IngressClass"]),
  ...both("node.k8s.io", ["RuntimeClass"]),
  ...both("rbac.authorization.k8s.io", ["ClusterRole", "ClusterRoleBinding"]),
  ...both("scheduling.k8s.io", ["PriorityClass"]),
  ...both("storage.k8s.io", ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
  "flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema",
  "flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration",
  "policy/v1beta1 PodSecurityPolicy",
  "v1 ComponentStatus",
  "v1 Namespace",
  "v1 Node",
  "v1 NodeProxyOptions",
  "v1 PersistentVolume",
]);

function both(group: string, kinds: readonly string[]): string[] {
  return kinds.flatMap((kind) => [`${group}/v1 ${kind}`, `${group}/v1beta1 ${kind}`]);
}

/**
 * Whether a kind is known to have no namespace. Kinds that kustomize's schema (Kubernetes 1.21) does not know count as
 * namespaced: later versions of these APIs, and custom resources.
 *
 * @see kyaml openapi, IsCertainlyClusterScoped
 */
export function isClusterScoped(apiVersion: string, kind: string): boolean {
  return clusterScoped.has(`${apiVersion} ${kind}`);
}
