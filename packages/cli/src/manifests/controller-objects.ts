// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import type { Component } from "./components.ts";
import type { InstallOptions } from "./install-manifests.ts";
import { SINGLE, SINGLE_EVENTS_PORT } from "./single-names.ts";

/** The account, the services and, where each has its own, the Deployment of a controller. @see spec §2.7 */
export function controllerObjects(component: Component, options: InstallOptions): readonly KubeObject[] {
  const deployments = options.topology === "single" ? [] : [deployment(component, options)];
  return [account(component, options), ...services(component, options), ...deployments];
}

/** What keeps a container from doing more than it must. */
export const RESTRICTED: JsonObject = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

function metadataOf({ name }: Component, { namespace }: InstallOptions): KubeObject["metadata"] {
  return { name, namespace, labels: { "app.kubernetes.io/component": name } };
}

function account(component: Component, options: InstallOptions): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: metadataOf(component, options) };
}

function services(component: Component, options: InstallOptions): readonly KubeObject[] {
  const service = (name: string, targetPort: string): KubeObject => {
    const metadata = metadataOf(component, options);
    return {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata, name, labels: { ...metadata.labels, "control-plane": component.serviceLabel ?? "controller" } },
      spec: {
        type: "ClusterIP",
        selector: { app: options.topology === "single" ? SINGLE : component.name },
        ports: [{ name: "http", port: 80, protocol: "TCP", targetPort }],
      },
    };
  };
  if (component.serves === "events") {
    // Where all share a pod, `http` is where artifacts are served.
    const events = options.topology === "single" ? SINGLE_EVENTS_PORT : "http";
    return [service(component.name, events), service("webhook-receiver", "http-webhook")];
  }
  return component.stores === true ? [service(component.name, "http")] : [];
}

function deployment(component: Component, options: InstallOptions): KubeObject {
  const { name } = component;
  const metadata = metadataOf(component, options);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...metadata, labels: { ...metadata.labels, "control-plane": "controller" } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      // Two at once would write the same files.
      ...(component.stores === true ? { strategy: { type: "Recreate" } } : {}),
      template: {
        metadata: {
          annotations: { "prometheus.io/port": "8080", "prometheus.io/scrape": "true" },
          labels: { app: name, "app.kubernetes.io/component": name },
        },
        spec: podSpec(component, options),
      },
    },
  };
}

function podSpec(component: Component, options: InstallOptions): JsonObject {
  const volumes =
    component.stores === true ? ["data", "tmp"] : component.name === "image-reflector-controller" ? ["temp", "data"] : ["temp"];
  return {
    containers: [container(component, options, volumes)],
    ...(options.imagePullSecret === "" ? {} : { imagePullSecrets: [{ name: options.imagePullSecret }] }),
    nodeSelector: { "kubernetes.io/os": "linux" },
    ...(component.isCritical === true ? { priorityClassName: "system-cluster-critical" } : {}),
    securityContext: { fsGroup: 1337 },
    serviceAccountName: component.name,
    terminationGracePeriodSeconds: component.graceSeconds,
    ...(options.tolerationKeys.length === 0 ? {} : { tolerations: options.tolerationKeys.map((key) => ({ key, operator: "Exists" })) }),
    volumes: volumes.map((name) => ({ emptyDir: {}, name })),
  };
}

function container(component: Component, options: InstallOptions, volumes: readonly string[]): JsonObject {
  return {
    args: argumentsOf(component, options),
    // The one image has a program for each controller.
    ...(options.image === "" ? {} : { command: [component.name] }),
    env: environmentOf(component),
    image: options.image === "" ? `${options.registry}/${component.name}:${component.version}` : options.image,
    imagePullPolicy: "IfNotPresent",
    // Where data is served it can be read as soon as this answers.
    ...(component.stores === true
      ? { livenessProbe: probe("healthz", "/healthz"), readinessProbe: probe("http", "/") }
      : { livenessProbe: probe("healthz", "/healthz"), readinessProbe: probe("healthz", "/readyz") }),
    name: "manager",
    ports: portsOf(component).map(([name, containerPort]) => ({ containerPort, name, protocol: "TCP" })),
    resources: { limits: { cpu: "1000m", memory: "1Gi" }, requests: { cpu: component.cpu, memory: "64Mi" } },
    securityContext: RESTRICTED,
    volumeMounts: volumes.map((name) => ({ mountPath: name === "data" ? "/data" : "/tmp", name })),
  };
}

/** People patch arguments by their place: the order is part of what others rely on. */
function argumentsOf({ name, stores, serves }: Component, options: InstallOptions): readonly string[] {
  const { clusterDomain, components, logLevel, watchesAllNamespaces } = options;
  const domain = `$(RUNTIME_NAMESPACE).svc.${clusterDomain}.`;
  const eventsAddress = components.includes("notification-controller") ? `http://notification-controller.${domain}/` : "";
  const consumesArtifacts = name === "kustomize-controller" || name === "helm-controller";
  return [
    ...(serves === "events" ? [] : [`--events-addr=${eventsAddress}`]),
    `--watch-all-namespaces=${watchesAllNamespaces}`,
    `--log-level=${logLevel}`,
    "--log-encoding=json",
    "--enable-leader-election",
    ...(stores === true ? ["--storage-path=/data", `--storage-adv-addr=${name}.${domain}`] : []),
    ...(consumesArtifacts && components.includes("source-watcher") ? ["--feature-gates=ExternalArtifact=true"] : []),
  ];
}

/** The variables of a controller's container. */
export function environmentOf({ name }: Pick<Component, "name">): readonly JsonObject[] {
  return [
    { name: "RUNTIME_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    ...(name === "source-controller" ? [{ name: "TUF_ROOT", value: "/tmp/.sigstore" }] : []),
    { name: "GOMEMLIMIT", valueFrom: { resourceFieldRef: { containerName: "manager", resource: "limits.memory" } } },
  ];
}

function portsOf({ stores, serves }: Component): readonly (readonly [string, number])[] {
  return [
    ...(stores === true || serves === "events" ? [["http", 9090] as const] : []),
    ...(serves === "events" ? [["http-webhook", 9292] as const] : []),
    ["http-prom", 8080],
    ["healthz", 9440],
  ];
}

/** A question that the kubelet asks. */
export function probe(port: string, path: string): JsonObject {
  return { httpGet: { path, port } };
}
