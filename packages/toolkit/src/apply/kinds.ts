// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { ObjectId } from "./object-id.ts";

// Upstream compares these kinds without regard to case. @see fluxcd/pkg ssa/utils/is.go

export function isCustomResourceDefinition({ apiVersion, kind }: KubeObject): boolean {
  return kind.toLowerCase() === "customresourcedefinition" && apiVersion.startsWith("apiextensions.k8s.io/");
}

export function isNamespace({ apiVersion, kind }: KubeObject): boolean {
  return kind.toLowerCase() === "namespace" && apiVersion === "v1";
}

export function isClusterRole({ apiVersion, kind }: KubeObject): boolean {
  return kind.toLowerCase() === "clusterrole" && apiVersion.startsWith("rbac.authorization.k8s.io/");
}

export function isSecret({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): boolean {
  return kind.toLowerCase() === "secret" && apiVersion === "v1";
}

export function isJob({ apiVersion, kind }: KubeObject): boolean {
  return kind === "Job" && apiVersion.startsWith("batch/");
}

/** A `kustomization.yaml`, which is no object of a cluster. */
export function isKustomizeFile({ apiVersion, kind }: KubeObject): boolean {
  return kind.toLowerCase() === "kustomization" && apiVersion.startsWith("kustomize.config.k8s.io/");
}

/** A kind of custom stage, `group/Kind` (`Kind` alone is of the core group). */
export type GroupKindSet = ReadonlySet<string>;

/**
 * Parses `--custom-apply-stage-kinds`: `group1/Kind1,group2/Kind2`.
 * @see fluxcd/pkg ssa/utils ParseGroupKindSet
 */
export function parseGroupKinds(text: string): GroupKindSet {
  if (text === "") return new Set();
  return new Set(
    text.split(",").map((item) => {
      const trimmed = item.trim();
      return trimmed.includes("/") ? trimmed : `/${trimmed}`;
    }),
  );
}

export function isOneOf(kinds: GroupKindSet, { group, kind }: Pick<ObjectId, "group" | "kind">): boolean {
  return kinds.has(`${group}/${kind}`);
}

/** Ids of the Jobs that delete themselves some time after they finished. @see fluxcd/pkg ssa/utils ExtractJobsWithTTL */
export function jobsWithTtl(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter((object) => {
    const spec = object["spec"];
    return (
      isJob(object) && typeof spec === "object" && spec !== null && isInteger((spec as Record<string, unknown>)["ttlSecondsAfterFinished"])
    );
  });
}

function isInteger(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value);
}
