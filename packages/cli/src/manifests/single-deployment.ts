// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Component } from "./components.ts";
import { environmentOf, probe, RESTRICTED } from "./controller-objects.ts";
import type { InstallOptions } from "./install-manifests.ts";
import { SINGLE, SINGLE_EVENTS_PORT } from "./single-names.ts";

/** What one pod asks for that does the work of several. */
const RESOURCES = { limits: { cpu: "2000m", memory: "2Gi" }, requests: { cpu: "100m", memory: "128Mi" } };

/**
 * One Deployment for all controllers, in place of one for each; the Services lead to it. It acts as kustomize-controller does,
 * whose account may apply everything: with one process there is one account.
 */
export function singleDeployment(components: readonly Component[], options: InstallOptions): KubeObject {
  const { namespace, imagePullSecret, tolerationKeys } = options;
  const labels = { "app.kubernetes.io/component": SINGLE };
  const runs = (name: string): boolean => components.some((component) => component.name === name);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: SINGLE, namespace, labels: { ...labels, "control-plane": "controller" } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: SINGLE } },
      // Two at once would write the same files.
      strategy: { type: "Recreate" },
      template: {
        metadata: {
          annotations: { "prometheus.io/port": "8080", "prometheus.io/scrape": "true" },
          labels: { app: SINGLE, ...labels },
        },
        spec: {
          containers: [
            {
              args: argumentsOf(components, options),
              command: [SINGLE, ...components.map(({ name }) => name)],
              env: environmentOf({ name: "source-controller" }),
              image: options.image,
              imagePullPolicy: "IfNotPresent",
              livenessProbe: probe("healthz", "/healthz"),
              name: "manager",
              ports: [
                { containerPort: 9090, name: "http", protocol: "TCP" },
                ...(runs("notification-controller")
                  ? [
                      { containerPort: 9091, name: SINGLE_EVENTS_PORT, protocol: "TCP" },
                      { containerPort: 9292, name: "http-webhook", protocol: "TCP" },
                    ]
                  : []),
                { containerPort: 8080, name: "http-prom", protocol: "TCP" },
                { containerPort: 9440, name: "healthz", protocol: "TCP" },
              ],
              readinessProbe: probe("healthz", "/readyz"),
              resources: RESOURCES,
              securityContext: RESTRICTED,
              volumeMounts: [
                { mountPath: "/data", name: "data" },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
          ],
          ...(imagePullSecret === "" ? {} : { imagePullSecrets: [{ name: imagePullSecret }] }),
          nodeSelector: { "kubernetes.io/os": "linux" },
          priorityClassName: "system-cluster-critical",
          securityContext: { fsGroup: 1337 },
          serviceAccountName: "kustomize-controller",
          terminationGracePeriodSeconds: Math.max(...components.map(({ graceSeconds }) => graceSeconds)),
          ...(tolerationKeys.length === 0 ? {} : { tolerations: tolerationKeys.map((key) => ({ key, operator: "Exists" })) }),
          volumes: [
            { emptyDir: {}, name: "data" },
            { emptyDir: {}, name: "tmp" },
          ],
        },
      },
    },
  };
}

function argumentsOf(
  components: readonly Component[],
  { clusterDomain, logLevel, watchesAllNamespaces }: InstallOptions,
): readonly string[] {
  const domain = `$(RUNTIME_NAMESPACE).svc.${clusterDomain}.`;
  const runs = (name: string): boolean => components.some((component) => component.name === name);
  return [
    `--events-addr=${runs("notification-controller") ? `http://notification-controller.${domain}/` : ""}`,
    `--watch-all-namespaces=${watchesAllNamespaces}`,
    `--log-level=${logLevel}`,
    "--log-encoding=json",
    "--enable-leader-election",
    "--storage-path=/data",
    `--storage-adv-addr=source-controller.${domain}`,
    ...(runs("source-watcher") && runs("kustomize-controller") ? ["--feature-gates=ExternalArtifact=true"] : []),
  ];
}
