// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { PodTemplate } from "./objects.ts";
import { podTemplateHash } from "./pod-template-hash.ts";

function plain(image: string): PodTemplate {
  const container = {
    name: "c",
    image,
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: "IfNotPresent",
  };
  return {
    metadata: { labels: { app: "web" } },
    spec: {
      containers: [container],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      securityContext: {},
      schedulerName: "default-scheduler",
    },
  };
}

const rich: PodTemplate = {
  metadata: { creationTimestamp: null, labels: { b: "2", app: "web" }, annotations: { z: "1", a: "x y" } },
  spec: {
    volumes: [
      { name: "v", emptyDir: { sizeLimit: "1Gi" } },
      { name: "c", configMap: { name: "cm", defaultMode: 420, items: [{ key: "a", path: "b" }] } },
    ],
    containers: [
      {
        name: "c",
        image: "nginx:1.25",
        command: ["a", "b c"],
        ports: [{ name: "http", containerPort: 80, protocol: "TCP" }],
        env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "x" } } }],
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1500m" } },
        readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 3 },
        livenessProbe: { tcpSocket: { port: 8080 } },
        securityContext: { runAsUser: 1000, privileged: false, capabilities: { drop: ["ALL"] } },
      },
    ],
    nodeSelector: { x: "y" },
    tolerations: [{ key: "k", operator: "Exists", tolerationSeconds: 30 }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In", values: ["b", "c"] }] }],
        },
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "k", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { a: "b" } }, minDomains: 2 },
    ],
    securityContext: { supplementalGroups: [1, 2], sysctls: [] },
    overhead: { cpu: "1" },
    restartPolicy: "Always",
  },
} as PodTemplate;

test.each([
  ["a plain template", plain("nginx:1.25"), undefined, "79c8bdf6d5"],
  ["another image", plain("nginx:2"), undefined, "57dbd5bc75"],
  ["every kind of field", rich, undefined, "567d46fc7f"],
])("podTemplateHash() is that of Kubernetes: %s", (_, template, collisions, hash) => {
  expect(podTemplateHash(template, collisions)).toBe(hash);
});
