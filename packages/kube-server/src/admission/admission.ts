// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import { qualified } from "../status-errors.ts";
import type { ResourceDefinition } from "../resource.ts";
import { addDefaultTolerations } from "./default-tolerations.ts";
import { setDefaultStorageClass } from "./default-storage-class.ts";
import { taintNewNode } from "./node-taint.ts";
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
  pods: [addServiceAccount, setPriority, addDefaultTolerations],
  nodes: [taintNewNode],
  persistentvolumes: [protectStorage],
  persistentvolumeclaims: [protectStorage, setDefaultStorageClass],
};

/** Runs the plug-ins for a create, once its managed fields are booked. @throws {ApiError} 403 */
export function admitCreate(plane: Plane, definition: ResourceDefinition, object: KubeObject): KubeObject {
  const resource = qualified({ group: definition.group, name: definition.plural });
  const plugins = Object.hasOwn(ON_CREATE, resource) ? ON_CREATE[resource] : undefined;
  return (plugins ?? []).reduce((current, plugin) => plugin({ plane, object: current }), object);
}
