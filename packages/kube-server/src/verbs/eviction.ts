// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, LabelSelectorObject } from "@flux-ts/kube-core";
import { isJsonObject, labelSelectorOf, matchesLabels, parseApiVersion, toTimestamp } from "@flux-ts/kube-core";
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
  requireEviction(value);
  const given = isJsonObject(value) ? value["deleteOptions"] : undefined;
  const { name } = isJsonObject(value) && isJsonObject(value["metadata"]) ? value["metadata"] : {};
  if (name !== undefined && name !== info.name) throw badRequest("name in URL does not match name in Eviction object");
  const options = deleteOptions(request.query, given);
  const stored = plane.store.get(storageKeyOf(pods), objectKey(pods, info.namespace, info.name));
  if (!stored) throw notFound(resourceOf(pods), info.name);
  if (!isEnded(stored)) requireBudget(plane, stored);
  const marked = options.isDryRun ? stored : markDisrupted(plane, pods, stored);
  deleteObject(plane, pods, marked, options);
  return { status: 201, object: successStatus() };
}

/** @throws {ApiError} 400 for an object of another kind */
function requireEviction(value: unknown): void {
  const { apiVersion, kind } = isJsonObject(value) ? value : {};
  if (typeof kind !== "string" || kind === "Eviction" || typeof apiVersion !== "string") return;
  const { version } = parseApiVersion(apiVersion);
  throw badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a Eviction: converting (${version}.${kind}) to (policy.Eviction): unknown conversion`,
  );
}

/** Tells, before the pod goes, that it was not its own doing. */
function markDisrupted(plane: Plane, pods: ResourceDefinition, pod: KubeObject): KubeObject {
  const status = (pod["status"] ?? {}) as { readonly conditions?: readonly { readonly type?: string }[] }; // decoded as a pod
  const conditions = (status.conditions ?? []).filter(({ type }) => type !== "DisruptionTarget");
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: toTimestamp(plane.clock.now()),
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  const { namespace = "", name = "" } = pod.metadata;
  return plane.store.put(storageKeyOf(pods), objectKey(pods, namespace, name), {
    ...pod,
    status: { ...status, conditions: [...conditions, condition] },
  });
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
