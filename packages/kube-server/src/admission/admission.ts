// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import { qualified } from "../status-errors.ts";
import { warn } from "../request/context.ts";
import type { ResourceDefinition } from "../resource.ts";
import type { Write } from "../verbs/write.ts";
import { addDefaultTolerations } from "./default-tolerations.ts";
import { setDefaultStorageClass } from "./default-storage-class.ts";
import { applyLimitDefaults, requireClaimLimits, requirePodLimits } from "./limit-ranger.ts";
import { taintNewNode } from "./node-taint.ts";
import { checkPodSecurity, checkPodSecurityLabels } from "./pod-security.ts";
import { requireQuota } from "./resource-quota.ts";
import { setPriority } from "./priority.ts";
import { addServiceAccount } from "./service-account.ts";
import { protectStorage } from "./storage-protection.ts";

/** What admission may look at and do to an object that is about to be created. */
export interface Admission {
  readonly plane: Plane;
  readonly object: KubeObject;
}

/** Changes a new object, or refuses it. @throws {ApiError} 403 */
export type AdmissionPlugin = (admission: Admission) => KubeObject;

/** By resource, in the order of the API server's plug-ins. */
const ON_CREATE: Readonly<Record<string, readonly AdmissionPlugin[]>> = {
  pods: [applyLimitDefaults, addServiceAccount, setPriority, addDefaultTolerations],
  nodes: [taintNewNode],
  persistentvolumes: [protectStorage],
  persistentvolumeclaims: [protectStorage, setDefaultStorageClass],
};

/** Refuses a new object that has passed validation. @throws {ApiError} 403, or the code of a policy's reason */
export function validateCreateAdmission(write: Write, object: KubeObject): void {
  const { plane, definition, request, options } = write;
  const admission = { plane, object };
  if (definition.group === "" && definition.plural === "pods") requirePodLimits(admission);
  if (definition.group === "" && definition.plural === "persistentvolumeclaims") requireClaimLimits(admission);
  for (const text of checkPodSecurity(plane, object)) warn(request, text);
  checkPodSecurityLabels(object, undefined);
  const policy = {
    definition,
    operation: "CREATE",
    object,
    old: undefined,
    subresource: "",
    identity: request.identity,
    isDryRun: options.isDryRun,
  } as const;
  for (const text of plane.policies.check(plane, policy)) warn(request, text);
  requireQuota(plane, definition, object, undefined);
}

/** Refuses an update that has passed validation. @throws {ApiError} 403, or the code of a policy's reason */
export function validateUpdateAdmission(write: Write, object: KubeObject, old: KubeObject): void {
  const { plane, definition, request, options, subresource } = write;
  if (subresource === "" && !deepEqual(object["spec"], old["spec"]))
    for (const text of checkPodSecurity(plane, object)) warn(request, text);
  if (subresource === "") checkPodSecurityLabels(object, old);
  const policy = {
    definition,
    operation: "UPDATE",
    object,
    old,
    subresource,
    identity: request.identity,
    isDryRun: options.isDryRun,
  } as const;
  for (const text of plane.policies.check(plane, policy)) warn(request, text);
  if (subresource === "") requireQuota(plane, definition, object, old);
}

/** Runs the plug-ins for a create, once its managed fields are booked. @throws {ApiError} 403 */
export function admitCreate(plane: Plane, definition: ResourceDefinition, object: KubeObject): KubeObject {
  const resource = qualified({ group: definition.group, name: definition.plural });
  const plugins = Object.hasOwn(ON_CREATE, resource) ? ON_CREATE[resource] : undefined;
  return (plugins ?? []).reduce((current, plugin) => plugin({ plane, object: current }), object);
}
