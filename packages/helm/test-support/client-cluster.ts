// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@flux-ts/kube-client";
import type { Transport } from "@flux-ts/kube-core";
import type { Cluster } from "../src/release/cluster.ts";

/** A cluster behind a transport, as an administrator sees it. */
export function clientCluster(transport: Transport): Cluster {
  const client = createClient(transport, { userAgent: "helm-test/1" });
  return {
    get: (ref) => client.find(ref),
    async list({ apiVersion, kind, namespace, labels }) {
      const labelSelector = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
      return (await client.list({ apiVersion, kind }, { namespace, labelSelector })).items;
    },
    write: (object, mode) => (mode === "create" ? client.create(object) : client.update(object)),
    async delete(ref) {
      await client.delete(ref);
    },
  };
}
