// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";

/** Nobody outside the namespace reaches the controllers, but for metrics and webhooks. @see spec §2.7 */
export function networkPolicies(namespace: string): readonly KubeObject[] {
  const fromEverywhere = (port: number): JsonObject => ({ from: [{ namespaceSelector: {} }], ports: [{ port, protocol: "TCP" }] });
  return [
    policy(namespace, "allow-egress", {
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{}],
      podSelector: {},
    }),
    policy(namespace, "allow-scraping", { policyTypes: ["Ingress"], ingress: [fromEverywhere(8080)], podSelector: {} }),
    policy(namespace, "allow-webhooks", {
      policyTypes: ["Ingress"],
      ingress: [fromEverywhere(9292)],
      podSelector: { matchLabels: { app: "notification-controller" } },
    }),
  ];
}

function policy(namespace: string, name: string, spec: JsonObject): KubeObject {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name, namespace }, spec };
}
