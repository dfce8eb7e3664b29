// SPDX-License-Identifier: Apache-2.0
// Steps and objects that faults are made of.
import type { KubeObject } from "@flux-ts/kube-core";
import type { FaultStep } from "./fault.ts";
import { resources, web } from "./fleet-files.ts";

export const FLEET = "GitRepository/flux-system/fleet";
export const APPS = "Kustomization/flux-system/apps";
export const INFRA = "Kustomization/flux-system/infra";
export const soon: FaultStep = { do: "advance", duration: "2m" };

export const patch = (object: string, spec: Readonly<Record<string, unknown>>): FaultStep => ({ do: "patch", object, with: { spec } });
export const commit = (files: Readonly<Record<string, string | null>>): FaultStep => ({ do: "commit", files });
export const apply = (...objects: readonly KubeObject[]): FaultStep => ({ do: "apply", objects });
export const status = (object: string, value: Readonly<Record<string, unknown>>): FaultStep => ({
  do: "patch",
  object,
  with: { status: value },
  subresource: "status",
});

export const secret = (name: string, stringData: Readonly<Record<string, string>>, namespace = "flux-system"): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  stringData,
});

export const kustomization = (name: string, spec: Readonly<Record<string, unknown>>): KubeObject => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name, namespace: "flux-system" },
  spec: {
    interval: "10m",
    retryInterval: "2m",
    timeout: "1m",
    prune: true,
    wait: true,
    path: `./${name}`,
    sourceRef: { kind: "GitRepository", name: "fleet" },
    ...spec,
  },
});

export const flux = (kind: string, apiVersion: string, name: string, spec: Readonly<Record<string, unknown>>): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "flux-system" },
  spec: { interval: "10m", ...spec },
});
export const SOURCE = "source.toolkit.fluxcd.io/v1";
export const HELM = "helm.toolkit.fluxcd.io/v2";

export const TIME = "2026-01-01T00:02:00Z";
export const notReady = (reason: string, message: string): Readonly<Record<string, unknown>> => ({
  observedGeneration: 1,
  conditions: [{ type: "Ready", status: "False", reason, message, lastTransitionTime: TIME, observedGeneration: 1 }],
});
export const isReady = (message: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  observedGeneration: 1,
  conditions: [{ type: "Ready", status: "True", reason: "Succeeded", message, lastTransitionTime: TIME, observedGeneration: 1 }],
  ...more,
});

export const deployment = (
  name: string,
  namespace: string,
  image: string,
  replicas = 1,
  labels: Readonly<Record<string, string>> = {},
): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace, labels },
  spec: {
    replicas,
    progressDeadlineSeconds: 40,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image }] } },
  },
});

/** What a kubelet tells of a pod whose container waits. */
export const waiting = (
  reason: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  phase: "Pending",
  startTime: TIME,
  conditions: [
    { type: "PodScheduled", status: "True" },
    { type: "Ready", status: "False", reason: "ContainersNotReady", message: "containers with unready status: [web]" },
  ],
  containerStatuses: [
    { name: "web", image: "silent", imageID: "", ready: false, restartCount: 0, state: { waiting: { reason, message } }, ...more },
  ],
});

export const event = (object: string, reason: string, message: string): FaultStep => ({ do: "warn", object, reason, message });
export const silent = (more: Parameters<typeof web>[0] = {}): FaultStep =>
  commit({ "apps/web.yaml": web({ image: "ghcr.io/example/silent:1.0.0", ...more }) });
export const NEW_POD = "Pod/default/web-*";

export const withResource = (name: string, text: string, list: readonly string[] = ["web.yaml", "settings.yaml"]): FaultStep =>
  commit({ "apps/kustomization.yaml": resources(...list, name), [`apps/${name}`]: text });

export const release = (spec: Readonly<Record<string, unknown>> = {}): KubeObject =>
  flux("HelmRelease", HELM, "redis", {
    chart: { spec: { chart: "redis", version: "1.x", sourceRef: { kind: "HelmRepository", name: "charts" } } },
    ...spec,
  });
export const repository = flux("HelmRepository", SOURCE, "charts", { url: "https://charts.example.com" });
export const chart = flux("HelmChart", SOURCE, "flux-system-redis", {
  chart: "redis",
  version: "1.x",
  sourceRef: { kind: "HelmRepository", name: "charts" },
});
export const RELEASE = "HelmRelease/flux-system/redis";
export const repositoryReady = status(
  "HelmRepository/flux-system/charts",
  isReady("stored artifact", {
    artifact: { revision: "sha256:1", digest: `sha256:${"1".repeat(64)}`, path: "x", url: "http://x/y", lastUpdateTime: TIME },
  }),
);
export const chartReady = status(
  "HelmChart/flux-system/flux-system-redis",
  isReady("pulled 'redis' chart with version '1.2.0'", {
    artifact: { revision: "1.2.0", digest: `sha256:${"2".repeat(64)}`, path: "x", url: "http://x/z", lastUpdateTime: TIME },
  }),
);
