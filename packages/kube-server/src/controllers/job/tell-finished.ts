// SPDX-License-Identifier: Apache-2.0
import { recordEvent } from "../events.ts";
import type { Plane } from "../plane.ts";
import { findTrue } from "./conditions.ts";
import type { Job } from "./job.ts";

/** The name under which Jobs are told of. */
export const COMPONENT = "job-controller";

/** Tells how a Job ended. */
export async function tellFinished(plane: Plane, job: Job): Promise<void> {
  const conditions = job.status?.conditions ?? [];
  const failed = findTrue(conditions, "Failed");
  if (failed !== undefined) {
    await recordEvent(plane, COMPONENT, job, { type: "Warning", reason: failed.reason ?? "", message: failed.message ?? "" });
    return;
  }
  if (job.spec.completions !== undefined && (job.status?.succeeded ?? 0) > job.spec.completions) {
    const message = "Too many succeeded pods running after completion count reached";
    await recordEvent(plane, COMPONENT, job, { type: "Warning", reason: "TooManySucceededPods", message });
  }
  await recordEvent(plane, COMPONENT, job, { reason: "Completed", message: "Job completed" });
}
