// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError, deepEqual } from "@flux-ts/kube-core";
import { isNamespaceGoing } from "../create-pod.ts";
import type { PlaneController } from "../loop.ts";
import { isDeleting } from "../objects.ts";
import { ENDPOINTS, splitKey } from "../plane.ts";
import type { Service } from "./service.ts";
import { HEADLESS, TRIGGER_TIME, hasManagedEndpoints, isHeadless, podsOf, servicesOf } from "./service.ts";
import { subsetsOf } from "./subsets.ts";
import { TriggerTimes } from "./trigger-times.ts";

const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
const MANAGED_BY = "endpoints.kubernetes.io/managed-by";

/** Endpoints of services with a selector. @see kube-controller-manager endpoint */
export function endpointsController(): PlaneController {
  const times = new TriggerTimes();
  return {
    name: "endpoint-controller",
    watches: {
      services: (change) => [change.key],
      pods: servicesOf,
      endpoints: (change) => (change.type === "ADDED" ? [] : [change.key]),
    },
    reconcile: async (key, plane) => {
      const { namespace = "", name } = splitKey(key);
      const service = plane.get<Service>(ENDPOINTS.services, namespace, name);
      const current = plane.get(ENDPOINTS.endpoints, namespace, name);
      if (service === undefined) {
        times.forget(key);
        if (current?.metadata.labels?.[MANAGED_BY] !== undefined) await plane.delete(ENDPOINTS.endpoints, current);
        return;
      }
      if (isDeleting(service) || !hasManagedEndpoints(service)) return;
      const pods = podsOf(plane, service, false);
      const triggerTime = times.next(key, service, pods);
      const { subsets, isTruncated } = subsetsOf(service, pods);
      const labels = {
        ...service.metadata.labels,
        ...(isHeadless(service) ? { [HEADLESS]: "" } : {}),
        [MANAGED_BY]: "endpoint-controller",
      };
      const { [TRIGGER_TIME]: _, [OVER_CAPACITY]: overCapacity, ...kept } = current?.metadata.annotations ?? {};
      const isSame = deepEqual(current?.["subsets"] ?? [], subsets) && deepEqual(current?.metadata.labels, labels);
      if (current !== undefined && isSame && (overCapacity !== undefined) === isTruncated) return;
      const annotations = {
        ...kept,
        ...(triggerTime === undefined ? {} : { [TRIGGER_TIME]: triggerTime }),
        ...(isTruncated ? { [OVER_CAPACITY]: "truncated" } : {}),
      };
      const told = subsets.length === 0 ? {} : { subsets };
      if (current !== undefined) {
        const { subsets: __, ...rest } = current;
        const { apiVersion, kind, metadata } = current;
        await plane.update<KubeObject>(ENDPOINTS.endpoints, {
          ...rest,
          apiVersion,
          kind,
          metadata: { ...metadata, labels, annotations },
          ...told,
        });
        return;
      }
      try {
        await plane.create(ENDPOINTS.endpoints, {
          apiVersion: "v1",
          kind: "Endpoints",
          metadata: { name, namespace, labels, annotations },
          ...told,
        });
      } catch (error) {
        if (!(error instanceof ApiError) || !isNamespaceGoing(error)) throw error;
      }
    },
  };
}
