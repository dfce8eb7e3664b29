// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

/** A Deployment of about 1.5 KB, as a fleet has them. */
export function sampleDeployment(name: string, image: string): KubeObject {
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "bench" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default", labels, annotations: { "example.com/owner": "team-a" } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { "app.kubernetes.io/name": name } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "default",
          containers: [
            {
              name: "app",
              image,
              args: ["--listen", ":8080", "--level", "info"],
              ports: [
                { name: "http", containerPort: 8080 },
                { name: "metrics", containerPort: 9090 },
              ],
              env: ["A", "B", "C", "D"].map((variable) => ({ name: variable, value: `value of ${variable}` })),
              resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
              readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 5 },
              livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
              securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false },
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  };
}
