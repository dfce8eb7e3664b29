// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";

/** The label that Flux' own objects carry. */
export const PART_OF_FLUX = "app.kubernetes.io/part-of=flux";

/** How Flux came into a cluster; fields that nothing tells are absent. */
export interface ClusterInfo {
  /** Whether Flux manages itself, as after `flux bootstrap`. */
  readonly isBootstrapped: boolean;
  /** The tool that manages the installation. */
  readonly managedBy?: string;
  readonly partOf?: string;
  /** `v2.9.4` */
  readonly version?: string;
}

/**
 * Reads the labels of the definition of GitRepositories, which tell how Flux was installed.
 *
 * @throws {ApiError} not found when there is no such definition: then Flux is not installed
 * @see cmd/flux/cluster_info.go
 */
export async function readClusterInfo(client: Client, signal?: AbortSignal): Promise<ClusterInfo> {
  const ref = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "gitrepositories.source.toolkit.fluxcd.io" };
  const { metadata } = await client.get(ref, signal === undefined ? {} : { signal });
  const labels = new Map(Object.entries(metadata.labels ?? {}));
  const [managedBy, partOf, version] = ["managed-by", "part-of", "version"].map((name) => labels.get(`app.kubernetes.io/${name}`));
  return {
    isBootstrapped: labels.has("kustomize.toolkit.fluxcd.io/namespace"),
    ...(managedBy === undefined ? {} : { managedBy }),
    ...(partOf === undefined ? {} : { partOf }),
    ...(version === undefined ? {} : { version }),
  };
}

/** `flux-v2.9.4`; `""` when the version is not known. */
export function distributionOf({ partOf = "", version = "" }: ClusterInfo): string {
  return partOf === "" ? version : `${partOf}-${version}`;
}

/** Whether no other tool looks after the installation. */
export function isManagedByFlux({ managedBy = "" }: ClusterInfo): boolean {
  return managedBy === "" || managedBy === "flux";
}
