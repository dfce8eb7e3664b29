// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";
import type { Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";

/** So many Events are known at once; what was told before those is told anew. */
const MAX_TOLD = 4096;

function remember(plane: Plane, key: string, name: string): void {
  plane.toldEvents.delete(key);
  plane.toldEvents.set(key, name);
  const [oldest] = plane.toldEvents.keys();
  if (plane.toldEvents.size > MAX_TOLD && oldest !== undefined) plane.toldEvents.delete(oldest);
}

/** Records a Kubernetes Event about an object, as a controller of the control plane does; one that says the same again is counted. Fails silently: events are news, not state. */
export async function recordEvent(
  plane: Plane,
  component: string,
  about: KubeObject,
  event: { readonly type?: "Normal" | "Warning"; readonly reason: string; readonly message: string; readonly fieldPath?: string },
): Promise<void> {
  const { name = "", namespace = "default", uid = "", resourceVersion = "" } = about.metadata;
  const now = toTimestamp(plane.clock.now());
  const suffix = Math.floor(plane.random() * 2 ** 48)
    .toString(16)
    .padStart(12, "0");
  const key = [component, uid, event.type ?? "Normal", event.reason, event.fieldPath ?? "", event.message].join("|");
  try {
    const told = plane.get<KubeObject>(ENDPOINTS.events, namespace, plane.toldEvents.get(key) ?? "");
    if (told !== undefined) {
      const count = Number(told["count"] ?? 1) + 1;
      await plane.mergePatch(ENDPOINTS.events, namespace, told.metadata.name ?? "", { count, lastTimestamp: now });
      return;
    }
    remember(plane, key, `${name}.${suffix}`);
    await plane.create(ENDPOINTS.events, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${suffix}`, namespace },
      involvedObject: {
        kind: about.kind,
        namespace: about.metadata.namespace,
        name,
        uid,
        apiVersion: about.apiVersion,
        resourceVersion,
        ...(event.fieldPath === undefined ? {} : { fieldPath: event.fieldPath }),
      },
      reason: event.reason,
      message: event.message,
      source: { component },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type: event.type ?? "Normal",
      reportingComponent: component,
      reportingInstance: "",
    });
  } catch {
    // The namespace is going away, or the object's name is taken: nothing anybody waits for.
  }
}
