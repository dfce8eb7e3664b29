// SPDX-License-Identifier: Apache-2.0
import type { FieldSpec } from "../kustomization.ts";
import type { Gvk } from "../resource-id.ts";
import type { NameReference } from "./transformer-config.ts";

const field = (path: string, on: Partial<Gvk>): FieldSpec => ({ group: "", version: "", kind: "", ...on, path, create: false });

const targets = (on: Partial<Gvk>, fieldSpecs: readonly FieldSpec[]): NameReference => ({
  group: "",
  version: "",
  kind: "",
  ...on,
  fieldSpecs,
});

/** Kinds with pods in them and where the pod's spec lies. */
const podSpecs: readonly (readonly [string, Partial<Gvk>])[] = [
  ["spec", { version: "v1", kind: "Pod" }],
  ["template/spec", { kind: "PodTemplate" }],
  ...["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job"].map((kind) => ["spec/template/spec", { kind }] as const),
  ["spec/jobTemplate/spec/template/spec", { kind: "CronJob" }],
];

const everywhere = (paths: readonly string[]): FieldSpec[] =>
  podSpecs.flatMap(([at, on]) => paths.map((path) => field(`${at}/${path}`, on)));

/** Fields that only these kinds are asked for (without PodTemplate and ReplicaSet). */
const inWorkloads = (path: string): FieldSpec[] => [
  field(`spec/${path}`, { kind: "Pod" }),
  ...["StatefulSet", "Deployment", "ReplicationController"].map((kind) => field(`spec/template/spec/${path}`, { kind })),
  field(`spec/jobTemplate/spec/template/spec/${path}`, { kind: "CronJob" }),
  ...["Job", "DaemonSet"].map((kind) => field(`spec/template/spec/${path}`, { kind })),
];

const resourceNames: readonly FieldSpec[] = ["Role", "ClusterRole"].map((kind) => field("rules/resourceNames", { kind }));
const rbac = "rbac.authorization.k8s.io";

/** Which fields hold the names of which kinds. @see kustomize internal/konfig/builtinpluginconsts */
export const nameReferences: readonly NameReference[] = [
  ...["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map((kind) =>
    targets({ kind }, [field("spec/scaleTargetRef/name", { kind: "HorizontalPodAutoscaler" })]),
  ),
  targets({ version: "v1", kind: "ConfigMap" }, [
    ...everywhere([
      "volumes/configMap/name",
      "containers/env/valueFrom/configMapKeyRef/name",
      "initContainers/env/valueFrom/configMapKeyRef/name",
      "containers/envFrom/configMapRef/name",
      "initContainers/envFrom/configMapRef/name",
      "volumes/projected/sources/configMap/name",
    ]),
    field("spec/configSource/configMap", { kind: "Node" }),
    ...resourceNames,
    field("metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", { kind: "Ingress" }),
  ]),
  targets({ version: "v1", kind: "Secret" }, [
    ...everywhere([
      "volumes/secret/secretName",
      "containers/env/valueFrom/secretKeyRef/name",
      "initContainers/env/valueFrom/secretKeyRef/name",
      "containers/envFrom/secretRef/name",
      "initContainers/envFrom/secretRef/name",
      "imagePullSecrets/name",
      "volumes/projected/sources/secret/name",
    ]),
    field("spec/tls/secretName", { kind: "Ingress" }),
    ...["ingress", "nginx.ingress"].map((name) => field(`metadata/annotations/${name}.kubernetes.io\\/auth-secret`, { kind: "Ingress" })),
    field("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret", { kind: "Ingress" }),
    field("imagePullSecrets/name", { kind: "ServiceAccount" }),
    ...["secretName", "adminSecretName", "userSecretName", "secretRef"].map((name) =>
      field(`parameters/${name}`, { kind: "StorageClass" }),
    ),
    ...resourceNames,
    field("spec/template/spec/containers/env/valueFrom/secretKeyRef/name", {
      group: "serving.knative.dev",
      version: "v1",
      kind: "Service",
    }),
    field("spec/azureFile/secretName", { kind: "PersistentVolume" }),
  ]),
  targets({ version: "v1", kind: "Service" }, [
    field("spec/serviceName", { group: "apps", kind: "StatefulSet" }),
    ...[
      "rules/http/paths/backend/serviceName",
      "backend/serviceName",
      "rules/http/paths/backend/service/name",
      "defaultBackend/service/name",
    ].map((path) => field(`spec/${path}`, { kind: "Ingress" })),
    field("spec/service/name", { group: "apiregistration.k8s.io", kind: "APIService" }),
    ...["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"].map((kind) =>
      field("webhooks/clientConfig/service", { group: "admissionregistration.k8s.io", kind }),
    ),
  ]),
  targets({ group: rbac, kind: "Role" }, [field("roleRef/name", { group: rbac, kind: "RoleBinding" })]),
  targets(
    { group: rbac, kind: "ClusterRole" },
    ["RoleBinding", "ClusterRoleBinding"].map((kind) => field("roleRef/name", { group: rbac, kind })),
  ),
  targets({ version: "v1", kind: "ServiceAccount" }, [
    ...["RoleBinding", "ClusterRoleBinding"].map((kind) => field("subjects", { group: rbac, kind })),
    ...inWorkloads("serviceAccountName"),
  ]),
  targets({ version: "v1", kind: "PersistentVolumeClaim" }, inWorkloads("volumes/persistentVolumeClaim/claimName")),
  targets({ version: "v1", kind: "PersistentVolume" }, [
    field("spec/volumeName", { kind: "PersistentVolumeClaim" }),
    field("rules/resourceNames", { kind: "ClusterRole" }),
  ]),
  targets({ group: "storage.k8s.io", version: "v1", kind: "StorageClass" }, [
    ...["PersistentVolume", "PersistentVolumeClaim"].map((kind) => field("spec/storageClassName", { kind })),
    field("spec/volumeClaimTemplates/spec/storageClassName", { kind: "StatefulSet" }),
  ]),
  targets({ group: "scheduling.k8s.io", version: "v1", kind: "PriorityClass" }, inWorkloads("priorityClassName")),
  // The group of IngressClass is upstream's, with its slash: nothing has it, so nothing is ever found by it.
  targets({ group: "networking.k8s.io/v1", version: "v1", kind: "IngressClass" }, [field("spec/ingressClassName", { kind: "Ingress" })]),
  targets({ group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicy" }, [
    field("spec/policyName", { group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicyBinding" }),
  ]),
];
