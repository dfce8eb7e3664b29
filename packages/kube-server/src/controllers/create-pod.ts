// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { recordEvent } from "./events.ts";
import type { Pod, PodTemplate } from "./objects.ts";
import { compact, ownedBy } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";

/** What a pod has beyond its template. */
export interface PodOverrides {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly spec?: Partial<Pod["spec"]>;
}

/** Makes a pod from a template for its owner, named by the owner's name and a random end. */
export async function createPod(
  plane: Plane,
  component: string,
  owner: KubeObject,
  template: PodTemplate,
  overrides: PodOverrides = {},
): Promise<Pod> {
  const { namespace = "", name: ownerName = "" } = owner.metadata;
  const labels = { ...template.metadata?.labels, ...overrides.labels };
  const annotations = { ...template.metadata?.annotations, ...overrides.annotations };
  const finalizers = overrides.finalizers ?? template.metadata?.finalizers;
  const pod = await plane.create<Pod>(ENDPOINTS.pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: compact({
      ...(overrides.name === undefined ? { generateName: `${ownerName}-` } : { name: overrides.name }),
      namespace,
      labels,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [ownedBy(owner)],
    }),
    spec: { ...template.spec, ...overrides.spec },
  });
  await recordEvent(plane, component, owner, { reason: "SuccessfulCreate", message: `Created pod: ${pod.metadata.name}` });
  return pod;
}
