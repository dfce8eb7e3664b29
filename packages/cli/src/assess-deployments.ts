// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { computeStatus, isNotFound } from "@flux-ts/kube-core";
import type { Io } from "./io.ts";
import type { Progress } from "./output/progress.ts";
import { waitUntil } from "./wait-until.ts";

/** Whether an object is as its spec says. */
export function isCurrent(object: KubeObject): boolean {
  return computeStatus(object).status === "Current";
}

/**
 * Waits for Deployments, all at once, and tells of each, by name, how it stands at the end.
 * @returns whether all are ready
 * @see flux2 pkg/status StatusChecker.Assess
 */
export async function assessDeployments(
  client: Client,
  namespace: string,
  names: readonly string[],
  progress: Progress,
  { clock, signal }: Pick<Io, "clock" | "signal">,
): Promise<boolean> {
  const outcomes = await Promise.all(
    names.toSorted().map(async (name) => ({ name, outcome: await assess(client, namespace, name, clock, signal) })),
  );
  for (const { name, outcome } of outcomes) {
    if (outcome === "ready") progress.success(`${name}: deployment ready`);
    else progress.failure(`${name}: deployment ${outcome}`);
  }
  return outcomes.every(({ outcome }) => outcome === "ready");
}

async function assess(
  client: Client,
  namespace: string,
  name: string,
  clock: Io["clock"],
  signal: AbortSignal,
): Promise<"ready" | "not ready" | "not found"> {
  const ref: ObjectRef = { apiVersion: "apps/v1", kind: "Deployment", namespace, name };
  try {
    await waitUntil(client, ref, isCurrent, { clock, signal });
    return "ready";
  } catch (error) {
    return isNotFound(error) ? "not found" : "not ready";
  }
}
