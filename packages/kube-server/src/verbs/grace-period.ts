// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { ResourceDefinition } from "../resource.ts";

interface PodLike {
  readonly spec?: { readonly nodeName?: string; readonly terminationGracePeriodSeconds?: number };
  readonly status?: { readonly phase?: string };
}

/**
 * How long an object may take to end; only pods on a node that still run take time.
 * @see kubernetes registry/core/pod podStrategy.CheckGracefulDelete
 */
export function gracePeriodSeconds(definition: ResourceDefinition, object: KubeObject, requested: number | undefined): number {
  if (definition.group !== "" || definition.plural !== "pods") return 0;
  const { spec, status } = object as PodLike;
  if (!spec?.nodeName || status?.phase === "Failed" || status?.phase === "Succeeded") return 0;
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}
