// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, LabelSelectorObject } from "@flux-ts/kube-core";
import { isJsonObject, labelSelectorOf, matchesLabels } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { readBody } from "../codec/body.ts";
import type { Plane } from "../plane.ts";
import { objectKey, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { deleteOptions } from "../request/delete-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, failure, methodNotAllowed, notFound } from "../status-errors.ts";
import { deleteObject } from "./delete-object.ts";
import { successStatus } from "./success-status.ts";
import { resourceOf } from "./write.ts";

interface Budget extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelectorObject };
  readonly status?: { readonly disruptionsAllowed?: number; readonly desiredHealthy?: number; readonly currentHealthy?: number };
}

/** Deletes a pod unless a disruption budget forbids it. @see kubernetes registry/core/pod EvictionREST */
export function serveEviction(plane: Plane, pods: ResourceDefinition, request: RequestContext): Answer {
  const { info } = request;
  if (info.verb !== "create") throw methodNotAllowed();
  const { value } = readBody(request, "Eviction", plane.decodeProtobuf);
  const given = isJsonObject(value) ? value["deleteOptions"] : undefined;
  const { name } = isJsonObject(value) && isJsonObject(value["metadata"]) ? value["metadata"] : {};
  if (name !== undefined && name !== info.name) throw badRequest("name in URL does not match name in Eviction object");
  const options = deleteOptions(request.query, given);
  const stored = plane.store.get(storageKeyOf(pods), objectKey(pods, info.namespace, info.name));
  if (!stored) throw notFound(resourceOf(pods), info.name);
  if (!isEnded(stored)) requireBudget(plane, stored);
  deleteObject(plane, pods, stored, options);
  return { status: 201, object: successStatus() };
}

function isEnded(pod: KubeObject): boolean {
  const phase = (pod["status"] as { readonly phase?: string } | undefined)?.phase;
  return phase === "Succeeded" || phase === "Failed" || phase === "Pending" || pod.metadata.deletionTimestamp !== undefined;
}

function requireBudget(plane: Plane, pod: KubeObject): void {
  const budgets = plane.strategyContext().list("policy/v1", "PodDisruptionBudget", pod.metadata.namespace) as readonly Budget[]; // by their kind
  for (const budget of budgets) {
    if (!matchesLabels(labelSelectorOf(budget.spec?.selector), pod.metadata.labels)) continue;
    if ((budget.status?.disruptionsAllowed ?? 0) > 0) continue;
    const { desiredHealthy = 0, currentHealthy = 0 } = budget.status ?? {};
    throw failure(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [
        {
          reason: "DisruptionBudget",
          message: `The disruption budget ${budget.metadata.name ?? ""} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
        },
      ],
    });
  }
}
