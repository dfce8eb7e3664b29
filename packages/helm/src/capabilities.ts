// SPDX-License-Identifier: Apache-2.0
import { HelmError } from "./helm-error.ts";

/** What a cluster can do, as templates see it in `.Capabilities`. */
export interface Capabilities {
  readonly kubeVersion: KubeVersion;
  /** Versions, and kinds where they are known: `apps/v1`, `apps/v1/Deployment`. */
  readonly apiVersions: readonly string[];
}

export interface KubeVersion {
  /** With a leading v, and whatever a vendor adds: `v1.33.4-gke.1245000`. */
  readonly version: string;
  /** What constraints are checked against: `v1.33.4`. */
  readonly normalized: string;
  readonly major: string;
  readonly minor: string;
}

/** The version of Helm that charts see, and that this package agrees with. */
export const HELM_VERSION = "v4.2.4";

/** The newest Kubernetes that Helm 4.2 knows. */
export const DEFAULT_KUBE_VERSION: KubeVersion = { version: "v1.36.0", normalized: "v1.36.0", major: "1", minor: "36" };

/** The API versions that Helm 4.2 takes for granted without a cluster. */
export const DEFAULT_API_VERSIONS: readonly string[] = [
  "v1",
  "admissionregistration.k8s.io/v1",
  "admissionregistration.k8s.io/v1alpha1",
  "admissionregistration.k8s.io/v1beta1",
  "internal.apiserver.k8s.io/v1alpha1",
  "apps/v1",
  "apps/v1beta1",
  "apps/v1beta2",
  "authentication.k8s.io/v1",
  "authentication.k8s.io/v1alpha1",
  "authentication.k8s.io/v1beta1",
  "authorization.k8s.io/v1",
  "authorization.k8s.io/v1beta1",
  "autoscaling/v1",
  "autoscaling/v2",
  "batch/v1",
  "batch/v1beta1",
  "certificates.k8s.io/v1",
  "certificates.k8s.io/v1beta1",
  "certificates.k8s.io/v1alpha1",
  "coordination.k8s.io/v1alpha2",
  "coordination.k8s.io/v1beta1",
  "coordination.k8s.io/v1",
  "discovery.k8s.io/v1",
  "discovery.k8s.io/v1beta1",
  "events.k8s.io/v1",
  "events.k8s.io/v1beta1",
  "extensions/v1beta1",
  "flowcontrol.apiserver.k8s.io/v1",
  "flowcontrol.apiserver.k8s.io/v1beta1",
  "flowcontrol.apiserver.k8s.io/v1beta2",
  "flowcontrol.apiserver.k8s.io/v1beta3",
  "networking.k8s.io/v1",
  "networking.k8s.io/v1beta1",
  "node.k8s.io/v1",
  "node.k8s.io/v1alpha1",
  "node.k8s.io/v1beta1",
  "policy/v1",
  "policy/v1beta1",
  "rbac.authorization.k8s.io/v1",
  "rbac.authorization.k8s.io/v1beta1",
  "rbac.authorization.k8s.io/v1alpha1",
  "resource.k8s.io/v1",
  "resource.k8s.io/v1beta2",
  "resource.k8s.io/v1beta1",
  "resource.k8s.io/v1alpha3",
  "scheduling.k8s.io/v1alpha2",
  "scheduling.k8s.io/v1beta1",
  "scheduling.k8s.io/v1",
  "storage.k8s.io/v1beta1",
  "storage.k8s.io/v1",
  "storage.k8s.io/v1alpha1",
  "storagemigration.k8s.io/v1beta1",
  "apiextensions.k8s.io/v1beta1",
  "apiextensions.k8s.io/v1",
];

/** A version of Kubernetes. @throws {HelmError} OPTION @see k8s.io/apimachinery pkg/util/version ParseGeneric */
export function parseKubeVersion(text: string): KubeVersion {
  const [, numbers] = /^\s*v?([0-9]+(?:\.[0-9]+)*)/.exec(text) ?? [];
  if (numbers === undefined)
    throw new HelmError("OPTION", `invalid kube version '${text}': could not parse ${JSON.stringify(text)} as version`);
  const parts = numbers.split(".");
  if (parts.length < 2) throw new HelmError("OPTION", `invalid kube version '${text}': illegal version string ${JSON.stringify(text)}`);
  const badPart = parts.find((part) => part.length > 1 && part.startsWith("0"));
  if (badPart !== undefined)
    throw new HelmError(
      "OPTION",
      `invalid kube version '${text}': illegal zero-prefixed version component ${JSON.stringify(badPart)} in ${JSON.stringify(text)}`,
    );
  const [major = "", minor = ""] = parts;
  return { version: text.startsWith("v") ? text : `v${text}`, normalized: `v${parts.join(".")}`, major, minor };
}
