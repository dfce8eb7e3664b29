// SPDX-License-Identifier: Apache-2.0
// A table: what each built-in kind adds to its row in the resource table.
import { daemonSet } from "./apps/daemon-set.ts";
import { deployment } from "./apps/deployment.ts";
import { replicaSet } from "./apps/replica-set.ts";
import { statefulSet } from "./apps/stateful-set.ts";
import { controllerRevision } from "./apps/controller-revision.ts";
import { cronJob } from "./batch/cron-job.ts";
import { job } from "./batch/job.ts";
import { configMap } from "./core/config-map.ts";
import { endpoints } from "./core/endpoints.ts";
import { event, newEvent } from "./core/event.ts";
import { limitRange } from "./core/limit-range.ts";
import { namespace } from "./core/namespace.ts";
import { node } from "./core/node.ts";
import { persistentVolume } from "./core/persistent-volume.ts";
import { persistentVolumeClaim } from "./core/persistent-volume-claim.ts";
import { pod } from "./core/pod.ts";
import { podTemplateKind, replicationController } from "./core/replication-controller.ts";
import { resourceQuota } from "./core/resource-quota.ts";
import { secret } from "./core/secret.ts";
import { service } from "./core/service.ts";
import { serviceAccount } from "./core/service-account.ts";
import { componentStatusTable } from "./core/tables.ts";
import type { KindBehaviour } from "./kind-behaviour.ts";
import { otherKinds } from "./other-kinds.ts";

/** The behaviour of each built-in kind, by its name in the type table. A kind that is not listed has none of its own. */
export const KINDS: Readonly<Record<string, KindBehaviour>> = {
  "apps.v1.ControllerRevision": controllerRevision,
  "apps.v1.DaemonSet": daemonSet,
  "apps.v1.Deployment": deployment,
  "apps.v1.ReplicaSet": replicaSet,
  "apps.v1.StatefulSet": statefulSet,
  "batch.v1.CronJob": cronJob,
  "batch.v1.Job": job,
  "core.v1.ComponentStatus": { printer: componentStatusTable, deprecation: "v1 ComponentStatus is deprecated in v1.19+" },
  "core.v1.ConfigMap": configMap,
  "core.v1.Endpoints": endpoints,
  "core.v1.Event": event,
  "core.v1.LimitRange": limitRange,
  "core.v1.Namespace": namespace,
  "core.v1.Node": node,
  "core.v1.PersistentVolume": persistentVolume,
  "core.v1.PersistentVolumeClaim": persistentVolumeClaim,
  "core.v1.Pod": pod,
  "core.v1.PodTemplate": podTemplateKind,
  "core.v1.ReplicationController": replicationController,
  "core.v1.ResourceQuota": resourceQuota,
  "core.v1.Secret": secret,
  "core.v1.Service": service,
  "core.v1.ServiceAccount": serviceAccount,
  "events.v1.Event": newEvent,
  ...otherKinds,
};
