// SPDX-License-Identifier: Apache-2.0
import { isFlux } from "../kinds.ts";
import type { Inspect } from "../walk.ts";
import { inspectClaim } from "./claim.ts";
import { inspectFluxObject } from "./flux-object.ts";
import { inspectGeneric } from "./generic.ts";
import { inspectHelmRelease } from "./helm-release.ts";
import { inspectKustomization } from "./kustomization.ts";
import { inspectPod } from "./pod.ts";
import { inspectService } from "./service.ts";
import { inspectSource } from "./source.ts";
import { inspectWorkload } from "./workload.ts";

const OF_FLUX: ReadonlyMap<string, Inspect> = new Map([
  ["Kustomization", inspectKustomization],
  ["HelmRelease", inspectHelmRelease],
  ...["GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart", "ExternalArtifact"].map(
    (kind) => [kind, inspectSource] as const,
  ),
]);

const BUILT_IN: ReadonlyMap<string, Inspect> = new Map([
  ...["apps/v1 Deployment", "apps/v1 StatefulSet", "apps/v1 DaemonSet", "apps/v1 ReplicaSet", "batch/v1 Job"].map(
    (key) => [key, inspectWorkload] as const,
  ),
  ["v1 Pod", inspectPod],
  ["v1 PersistentVolumeClaim", inspectClaim],
  ["v1 Service", inspectService],
]);

/** Looks at an object as its kind asks for. */
export const inspectAny: Inspect = (ref, walk, path) => {
  const inspect = isFlux(ref)
    ? (OF_FLUX.get(ref.kind) ?? inspectFluxObject)
    : (BUILT_IN.get(`${ref.apiVersion} ${ref.kind}`) ?? inspectGeneric);
  return inspect(ref, walk, path);
};
