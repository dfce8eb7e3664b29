// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { HelmRelease } from "@flux-ts/flux-api";
import { latestOf } from "./history.ts";

const MAX_LENGTH = 53;
const HASH_LENGTH = 12;

/** The name of the release: the one that is given, else that of the HelmRelease, behind its target namespace. Helm takes it {@link shortName shortened}. */
export function releaseNameOf({ spec, metadata }: HelmRelease): string {
  if (spec.releaseName !== undefined && spec.releaseName !== "") return spec.releaseName;
  const { name = "" } = metadata;
  return spec.targetNamespace === undefined || spec.targetNamespace === "" ? name : `${spec.targetNamespace}-${name}`;
}

/** Where the objects of the release are. */
export function releaseNamespaceOf({ spec, metadata }: HelmRelease): string {
  return spec.targetNamespace || (metadata.namespace ?? "");
}

/** Where Helm stores the release. */
export function storageNamespaceOf({ spec, metadata }: HelmRelease): string {
  return spec.storageNamespace || (metadata.namespace ?? "");
}

/**
 * A name that Helm accepts: one of more than 53 bytes ends after 40 in `-` and the begin of its SHA-256.
 *
 * @see helm-controller internal/release ShortenName; spec G-HEL-1
 */
export function shortName(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= MAX_LENGTH) return name;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, HASH_LENGTH);
  return `${bytes.subarray(0, MAX_LENGTH - HASH_LENGTH - 1).toString()}-${hash}`;
}

/** What makes a release another one than the latest in the history. */
export type TargetChange = "storage namespace" | "release namespace" | "release name" | "chart name";

/**
 * Whether what is wanted now is another release than the one that was made, which is to be uninstalled then.
 * Undefined while nothing was made.
 *
 * @see helm-controller internal/action ReleaseTargetChanged; spec G-HEL-17
 */
export function targetChange(release: HelmRelease, chartName: string): TargetChange | undefined {
  const latest = latestOf(release.status?.history);
  const { storageNamespace = "" } = release.status ?? {};
  if (storageNamespace === "" || latest === undefined) return undefined;
  if (storageNamespaceOf(release) !== storageNamespace) return "storage namespace";
  if (releaseNamespaceOf(release) !== latest.namespace) return "release namespace";
  if (shortName(releaseNameOf(release)) !== latest.name) return "release name";
  return chartName === latest.chartName ? undefined : "chart name";
}
