// SPDX-License-Identifier: Apache-2.0
import { fluxKinds } from "@flux-ts/flux-api";
import type { ObjectRef } from "@flux-ts/kube-core";

export const SOURCE = "source.toolkit.fluxcd.io/v1";
export const KUSTOMIZE = "kustomize.toolkit.fluxcd.io/v1";
export const HELM = "helm.toolkit.fluxcd.io/v2";

/** Kinds that messages and fields name without their version. */
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ...["Pod", "Service", "ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim", "Namespace", "ReplicationController", "Node"].map(
    (kind) => [kind, "v1"] as const,
  ),
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind) => [kind, "apps/v1"] as const),
  ...["Job", "CronJob"].map((kind) => [kind, "batch/v1"] as const),
  ["HorizontalPodAutoscaler", "autoscaling/v2"],
  ["Ingress", "networking.k8s.io/v1"],
  ["StorageClass", "storage.k8s.io/v1"],
  ["CustomResourceDefinition", "apiextensions.k8s.io/v1"],
  ["APIService", "apiregistration.k8s.io/v1"],
]);

/** The version of a kind of Flux or of Kubernetes; undefined for others. */
export function apiVersionOf(kind: string): string | undefined {
  const flux = fluxKinds.find((each) => each.kind === kind);
  return flux === undefined ? BUILT_IN.get(kind) : `${flux.group}/${flux.version}`;
}

/** Whether an object is of a kind of Flux. */
export function isFlux({ apiVersion }: Pick<ObjectRef, "apiVersion">): boolean {
  return /^[a-z.]+\.fluxcd\.io\//.test(apiVersion);
}

export function refTo(kind: string, namespace: string | undefined, name: string, apiVersion = apiVersionOf(kind) ?? "v1"): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined || namespace === "" ? {} : { namespace }) };
}

/** The controller that looks after a kind of Flux. */
export function componentOf({ kind, apiVersion }: Pick<ObjectRef, "kind" | "apiVersion">): string | undefined {
  const group = apiVersion.split("/")[0];
  switch (group) {
    case "source.toolkit.fluxcd.io":
      return kind === "ExternalArtifact" ? undefined : "source-controller";
    case "kustomize.toolkit.fluxcd.io":
      return "kustomize-controller";
    case "helm.toolkit.fluxcd.io":
      return "helm-controller";
    case "notification.toolkit.fluxcd.io":
      return "notification-controller";
    case "image.toolkit.fluxcd.io":
      return kind === "ImageUpdateAutomation" ? "image-automation-controller" : "image-reflector-controller";
    case "source.extensions.fluxcd.io":
      return "source-watcher";
    default:
      return undefined;
  }
}

/** What flux calls the kind: `source git`, `kustomization`. */
export function commandKind(kind: string): string {
  const names: ReadonlyMap<string, string> = new Map([
    ["GitRepository", "source git"],
    ["OCIRepository", "source oci"],
    ["Bucket", "source bucket"],
    ["HelmRepository", "source helm"],
    ["HelmChart", "source chart"],
    ["ExternalArtifact", "source external"],
    ["ImageRepository", "image repository"],
    ["ImagePolicy", "image policy"],
    ["ImageUpdateAutomation", "image update"],
    ["ArtifactGenerator", "artifact generator"],
  ]);
  return names.get(kind) ?? kind.toLowerCase();
}
