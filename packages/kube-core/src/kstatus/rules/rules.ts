// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import type { ComputedStatus } from "../result.ts";
import { current } from "../result.ts";
import { customResourceDefinitionStatus } from "./custom-resource-definition.ts";
import { daemonSetStatus } from "./daemon-set.ts";
import { deploymentStatus } from "./deployment.ts";
import { jobStatus } from "./job.ts";
import { persistentVolumeClaimStatus } from "./persistent-volume-claim.ts";
import { podStatus } from "./pod.ts";
import { replicaSetStatus } from "./replica-set.ts";
import { serviceStatus } from "./service.ts";
import { statefulSetStatus } from "./stateful-set.ts";

/** How far an object of one kind is. `now`: milliseconds since 1970, where the time matters. */
export type StatusRule = (object: KubeObject, now: number | undefined) => ComputedStatus;

const alwaysReady: StatusRule = () => current("Resource is always ready");

const RULES: Readonly<Record<string, StatusRule>> = {
  Service: serviceStatus,
  Pod: podStatus,
  Secret: alwaysReady,
  PersistentVolumeClaim: persistentVolumeClaimStatus,
  ConfigMap: alwaysReady,
  "apps/StatefulSet": statefulSetStatus,
  "apps/DaemonSet": daemonSetStatus,
  "extensions/DaemonSet": daemonSetStatus,
  "apps/Deployment": deploymentStatus,
  "extensions/Deployment": deploymentStatus,
  "apps/ReplicaSet": replicaSetStatus,
  "extensions/ReplicaSet": replicaSetStatus,
  "policy/PodDisruptionBudget": () => current("AllowedDisruptions has been computed."),
  "batch/CronJob": alwaysReady,
  "batch/Job": jobStatus,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinitionStatus,
};

/** The rule of a kind; undefined when its conditions must do. */
export function ruleFor(group: string, kind: string): StatusRule | undefined {
  const key = group === "" ? kind : `${group}/${kind}`;
  return Object.hasOwn(RULES, key) ? RULES[key] : undefined;
}
