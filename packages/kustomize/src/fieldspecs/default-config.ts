// SPDX-License-Identifier: Apache-2.0
import type { FieldSpec } from "../kustomization.ts";
import { splitPath } from "./split-path.ts";
import type { Gvk } from "../resource-id.ts";
import { nameReferences } from "./name-reference-fields.ts";
import type { TransformerConfig } from "./transformer-config.ts";
import { emptyConfig, mergeConfigs } from "./transformer-config.ts";
import { varReferences } from "./var-reference-fields.ts";

/** A field spec; `on` names the kinds it is for. */
export function spec(path: string, create: boolean, on: Partial<Gvk> = {}): FieldSpec {
  return { group: "", version: "", kind: "", ...on, path, create, parts: splitPath(path) };
}

const podTemplates = [
  { version: "v1", kind: "ReplicationController" },
  { kind: "Deployment" },
  { kind: "ReplicaSet" },
  { kind: "DaemonSet" },
] as const;

const metadataLabels: readonly FieldSpec[] = [
  spec("metadata/labels", true),
  ...podTemplates.map((on) => spec("spec/template/metadata/labels", true, on)),
  spec("spec/template/metadata/labels", true, { group: "apps", kind: "StatefulSet" }),
  spec("spec/volumeClaimTemplates[]/metadata/labels", true, { group: "apps", kind: "StatefulSet" }),
  spec("spec/template/metadata/labels", true, { group: "batch", kind: "Job" }),
  spec("spec/jobTemplate/metadata/labels", true, { group: "batch", kind: "CronJob" }),
  spec("spec/jobTemplate/spec/template/metadata/labels", true, { group: "batch", kind: "CronJob" }),
];

const podSelectors = [
  "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
  "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
  "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
  "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
  "topologySpreadConstraints/labelSelector/matchLabels",
].map((path) => `spec/template/spec/${path}`);

const selectors: readonly FieldSpec[] = [
  spec("spec/selector", true, { version: "v1", kind: "Service" }),
  spec("spec/selector", true, { version: "v1", kind: "ReplicationController" }),
  spec("spec/selector/matchLabels", true, { kind: "Deployment" }),
  ...podSelectors.map((path) => spec(path, false, { group: "apps", kind: "Deployment" })),
  spec("spec/selector/matchLabels", true, { kind: "ReplicaSet" }),
  spec("spec/selector/matchLabels", true, { kind: "DaemonSet" }),
  spec("spec/selector/matchLabels", true, { group: "apps", kind: "StatefulSet" }),
  ...podSelectors.map((path) => spec(path, false, { group: "apps", kind: "StatefulSet" })),
  spec("spec/selector/matchLabels", false, { group: "batch", kind: "Job" }),
  spec("spec/jobTemplate/spec/selector/matchLabels", false, { group: "batch", kind: "CronJob" }),
  spec("spec/selector/matchLabels", false, { group: "policy", kind: "PodDisruptionBudget" }),
  spec("spec/podSelector/matchLabels", false, { group: "networking.k8s.io", kind: "NetworkPolicy" }),
  spec("spec/ingress/from/podSelector/matchLabels", false, { group: "networking.k8s.io", kind: "NetworkPolicy" }),
  spec("spec/egress/to/podSelector/matchLabels", false, { group: "networking.k8s.io", kind: "NetworkPolicy" }),
];

const annotations: readonly FieldSpec[] = [
  spec("metadata/annotations", true),
  ...podTemplates.map((on) => spec("spec/template/metadata/annotations", true, on)),
  spec("spec/template/metadata/annotations", true, { kind: "StatefulSet" }),
  spec("spec/template/metadata/annotations", true, { group: "batch", kind: "Job" }),
  spec("spec/jobTemplate/metadata/annotations", true, { group: "batch", kind: "CronJob" }),
  spec("spec/jobTemplate/spec/template/metadata/annotations", true, { group: "batch", kind: "CronJob" }),
];

const images: readonly FieldSpec[] = ["spec", "spec/template/spec"].flatMap((at) =>
  ["containers[]/image", "initContainers[]/image", "volumes[]/image/reference"].map((path) => spec(`${at}/${path}`, true)),
);

const namespaces: readonly FieldSpec[] = [
  spec("metadata/name", true, { kind: "Namespace" }),
  spec("spec/service/namespace", true, { group: "apiregistration.k8s.io", kind: "APIService" }),
  spec("spec/conversion/webhook/clientConfig/service/namespace", false, {
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
  }),
];

/** Where transformers work unless a kustomization says more. @see kustomize internal/konfig/builtinpluginconsts */
export const defaultConfig: TransformerConfig = {
  // Merging sorts.
  ...mergeConfigs(emptyConfig, {
    namePrefix: [spec("metadata/name", false)],
    nameSuffix: [spec("metadata/name", false)],
    namespace: namespaces,
    commonLabels: [...selectors, ...metadataLabels],
    labels: [],
    templateLabels: metadataLabels,
    commonAnnotations: annotations,
    varReference: varReferences,
    images,
    replicas: ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map((kind) => spec("spec/replicas", true, { kind })),
    nameReference: nameReferences,
  }),
  isSettled: true,
};
