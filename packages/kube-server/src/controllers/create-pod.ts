// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import { recordEvent } from "./events.ts";
import type { Pod, PodTemplate } from "./objects.ts";
import { compact, ownedBy } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";

/** What a pod has beyond its template. */
export interface PodOverrides {
  /** A name of its own beside the generated prefix. */
  readonly name?: string;
  /** Instead of the owner's name and a dash. */
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly spec?: Partial<Pod["spec"]>;
  /** What the event says; by default that the pod was created. */
  readonly told?: string;
}

/**
 * Makes a pod from a template for its owner, and tells of it.
 * @throws {ApiError} when the server refuses it, after an event that says why
 * @see kubernetes pkg/controller RealPodControl
 */
export async function createPod(
  plane: Plane,
  component: string,
  owner: KubeObject,
  template: PodTemplate,
  overrides: PodOverrides = {},
): Promise<Pod> {
  const { namespace = "", name: ownerName = "" } = owner.metadata;
  const annotations = { ...template.metadata?.annotations, ...overrides.annotations };
  const finalizers = [...new Set([...(template.metadata?.finalizers ?? []), ...(overrides.finalizers ?? [])])];
  let pod: Pod;
  try {
    pod = await plane.create<Pod>(ENDPOINTS.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: compact({
        generateName: overrides.generateName ?? `${ownerName}-`,
        ...(overrides.name === undefined ? {} : { name: overrides.name }),
        namespace,
        labels: { ...template.metadata?.labels, ...overrides.labels },
        ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
        ...(finalizers.length === 0 ? {} : { finalizers }),
        ownerReferences: [ownedBy(owner)],
      }),
      spec: { ...template.spec, ...overrides.spec },
    });
  } catch (error) {
    if (error instanceof ApiError && !isNamespaceGoing(error)) {
      await recordEvent(plane, component, owner, {
        type: "Warning",
        reason: "FailedCreate",
        message: `Error creating: ${error.message}`,
      });
    }
    throw error;
  }
  await recordEvent(plane, component, owner, {
    reason: "SuccessfulCreate",
    message: overrides.told ?? `Created pod: ${pod.metadata.name}`,
  });
  return pod;
}

/** Deletes a pod of an owner, and tells of it. */
export async function deletePod(plane: Plane, component: string, owner: KubeObject, pod: Pod): Promise<void> {
  await plane.delete(ENDPOINTS.pods, pod);
  await recordEvent(plane, component, owner, { reason: "SuccessfulDelete", message: `Deleted pod: ${pod.metadata.name}` });
}

/** Whether the write failed because its namespace is on its way out: nothing anybody needs to hear of. */
export function isNamespaceGoing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const causes = error.status.details?.causes ?? [];
  return causes.some((cause) => cause.reason === "NamespaceTerminating");
}
