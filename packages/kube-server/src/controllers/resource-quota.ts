// SPDX-License-Identifier: Apache-2.0
import { deepEqual, formatQuantity } from "@flux-ts/kube-core";
import type { ResourceQuota } from "../quota/scopes.ts";
import { usageOf } from "../quota/usage.ts";
import type { PlaneController } from "./loop.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

/** Quotas that count what their namespace uses. @see kube-controller-manager resourcequota */
export const resourceQuotaController: PlaneController = {
  name: "resourcequota-controller",
  watches: {
    "*": (change, plane) => {
      const { namespace } = splitKey(change.key);
      if (namespace === undefined) return [];
      return plane
        .list<ResourceQuota>(ENDPOINTS.resourceQuotas, namespace)
        .map(({ metadata }) => keyOf(metadata.namespace, metadata.name ?? ""));
    },
  },
  reconcile: async (key, plane) => {
    const { namespace, name } = splitKey(key);
    const quota = plane.get<ResourceQuota>(ENDPOINTS.resourceQuotas, namespace, name);
    if (!quota) return;
    const hard = quota.spec?.hard ?? {};
    const used = Object.fromEntries(
      [...usageOf(plane.store, quota, Object.keys(hard))].map(([of, amount]) => [of, formatQuantity(amount)]),
    );
    const status = { hard, used };
    if (!deepEqual(status, quota.status)) await plane.update(ENDPOINTS.resourceQuotas, { ...quota, status }, "status");
  },
};
