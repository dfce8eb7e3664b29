// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from "@flux-ts/helm/release";
import { ApiError, getKey, type KubeObject, type ObjectRef } from "@flux-ts/kube-core";

/** A cluster that holds objects of one namespace, and nothing else: where Helm keeps releases in memory. */
export function memoryCluster(): Cluster {
  const objects = new Map<string, KubeObject>();
  const fail = (code: number, reason: string, name: string): ApiError =>
    new ApiError({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      code,
      reason,
      message: `secrets "${name}" ${reason}`,
    });
  return {
    get: async ({ name }: ObjectRef) => objects.get(name),
    list: async ({ labels }) =>
      [...objects.values()].filter(({ metadata }) =>
        Object.entries(labels).every(([key, value]) => getKey(metadata.labels ?? {}, key) === value),
      ),
    write: async (object, mode) => {
      const { name = "" } = object.metadata;
      if (objects.has(name) === (mode === "create")) {
        throw mode === "create" ? fail(409, "AlreadyExists", name) : fail(404, "NotFound", name);
      }
      objects.set(name, object);
      return object;
    },
    delete: async ({ name }) => {
      if (!objects.delete(name)) throw fail(404, "NotFound", name);
    },
  };
}
