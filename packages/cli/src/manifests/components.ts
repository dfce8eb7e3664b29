// SPDX-License-Identifier: Apache-2.0

/** One controller of an installation. */
export interface Component {
  readonly name: string;
  /** The version of its image. */
  readonly version: string;
  /** The groups whose definitions come with it, by the plural of their kinds. */
  readonly definitions: readonly string[];
  /** Keeps data, and serves it to others. */
  readonly stores?: boolean;
  /** Serves others on ports of its own. */
  readonly serves?: "events";
  /** Upstream's `control-plane` label on its Service, where it is not that of the others. */
  readonly serviceLabel?: string;
  readonly graceSeconds: number;
  readonly cpu: string;
  readonly isCritical?: boolean;
}

/** Installed unless something else is asked for, in this order. @see spec §2.7 */
export const defaultComponents: readonly string[] = [
  "source-controller",
  "kustomize-controller",
  "helm-controller",
  "notification-controller",
];
export const extraComponents: readonly string[] = ["image-reflector-controller", "image-automation-controller", "source-watcher"];

const SOURCE = "source.toolkit.fluxcd.io";
const NOTIFICATION = "notification.toolkit.fluxcd.io";
const IMAGE = "image.toolkit.fluxcd.io";

export const components: readonly Component[] = [
  {
    name: "source-controller",
    version: "v1.9.4",
    definitions: ["buckets", "externalartifacts", "gitrepositories", "helmcharts", "helmrepositories", "ocirepositories"].map(
      (each) => `${each}.${SOURCE}`,
    ),
    stores: true,
    graceSeconds: 10,
    cpu: "50m",
    isCritical: true,
  },
  {
    name: "kustomize-controller",
    version: "v1.9.4",
    definitions: ["kustomizations.kustomize.toolkit.fluxcd.io"],
    graceSeconds: 60,
    cpu: "100m",
    isCritical: true,
  },
  {
    name: "helm-controller",
    version: "v1.6.3",
    definitions: ["helmreleases.helm.toolkit.fluxcd.io"],
    graceSeconds: 600,
    cpu: "100m",
    isCritical: true,
  },
  {
    name: "notification-controller",
    version: "v1.9.3",
    definitions: ["alerts", "providers", "receivers"].map((each) => `${each}.${NOTIFICATION}`),
    serves: "events",
    graceSeconds: 10,
    cpu: "100m",
  },
  {
    name: "image-reflector-controller",
    version: "v1.2.4",
    definitions: ["imagepolicies", "imagerepositories"].map((each) => `${each}.${IMAGE}`),
    graceSeconds: 10,
    cpu: "100m",
  },
  {
    name: "image-automation-controller",
    version: "v1.2.4",
    definitions: [`imageupdateautomations.${IMAGE}`],
    graceSeconds: 10,
    cpu: "100m",
  },
  {
    name: "source-watcher",
    version: "v2.2.3",
    definitions: ["artifactgenerators.source.extensions.fluxcd.io"],
    stores: true,
    serviceLabel: "source-watcher",
    graceSeconds: 10,
    cpu: "50m",
    isCritical: true,
  },
];
