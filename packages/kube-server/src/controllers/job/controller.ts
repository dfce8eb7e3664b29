// SPDX-License-Identifier: Apache-2.0
import { claimPods } from "../claim-pods.ts";
import type { PlaneController } from "../loop.ts";
import type { Pod } from "../objects.ts";
import { controllerOf, isDeleting } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS, splitKey } from "../plane.ts";
import { ownersOfPods } from "../pod-owners.ts";
import type { BackoffRecord } from "./backoff.ts";
import { findTrue } from "./conditions.ts";
import type { Job } from "./job.ts";
import { TRACKING_FINALIZER, isFinished, isTracked } from "./job.ts";
import { releasePod } from "./manage-pods.ts";
import { JobSync } from "./sync.ts";
import { COMPONENT } from "./tell-finished.ts";

const OWN_NAME = "kubernetes.io/job-controller";

/**
 * Jobs: pods until enough have succeeded, too many have failed, or the deadline passes; finished ones go after their time to live.
 * @see kube-controller-manager job, ttl-after-finished
 */
export function jobController(): PlaneController {
  const backoffs = new Map<string, BackoffRecord>();
  return {
    name: COMPONENT,
    watches: {
      "jobs.batch": (change) => {
        if (change.type === "DELETED") backoffs.delete(change.object.metadata.uid ?? "");
        return [change.key];
      },
      pods: ownersOfPods("Job", ENDPOINTS.jobs),
    },
    reconcile: async (key, plane) => {
      const { namespace = "", name } = splitKey(key);
      const job = plane.get<Job>(ENDPOINTS.jobs, namespace, name);
      await releaseOrphans(plane, namespace, name, job);
      if (job === undefined || (job.spec.managedBy ?? OWN_NAME) !== OWN_NAME) return undefined;
      if (isFinished(job)) {
        backoffs.delete(job.metadata.uid ?? "");
        return isDeleting(job) ? undefined : expire(plane, job);
      }
      const pods = await claimPods(plane, job, job.spec.selector ?? {}, { finalizers: [TRACKING_FINALIZER] });
      const sync = new JobSync(plane, job, pods, backoffs.get(job.metadata.uid ?? ""));
      try {
        return await sync.run();
      } finally {
        // Pods in the status are not counted as news again, even when what came after failed.
        if (sync.hasWritten) backoffs.set(job.metadata.uid ?? "", sync.backoff);
      }
    },
  };
}

/** Pods of a Job that is gone or finished are not counted any more, so nothing need keep them. */
async function releaseOrphans(plane: Plane, namespace: string, name: string, job: Job | undefined): Promise<void> {
  const uid = job === undefined || isFinished(job) ? undefined : job.metadata.uid;
  for (const pod of plane.controlledByName<Pod>(ENDPOINTS.pods, namespace, { kind: "Job", name })) {
    if (controllerOf(pod)?.uid !== uid && isTracked(pod)) await releasePod(plane, pod);
  }
}

async function expire(plane: Plane, job: Job): Promise<number | undefined> {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return undefined;
  const conditions = job.status?.conditions ?? [];
  const finished = findTrue(conditions, "Complete") ?? findTrue(conditions, "Failed");
  const leftMs = Date.parse(finished?.lastTransitionTime ?? "") + ttlSecondsAfterFinished * 1000 - plane.clock.now();
  if (leftMs > 0) return leftMs;
  await plane.delete(ENDPOINTS.jobs, job, { propagationPolicy: "Foreground" });
  return undefined;
}
