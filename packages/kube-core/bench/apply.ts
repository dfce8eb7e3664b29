// SPDX-License-Identifier: Apache-2.0
// Prints how long a server-side apply of a Deployment takes: the first, one that changes the image, one that changes nothing.
import { parseJson } from "../src/json.ts";
import type { KubeObject } from "../src/object.ts";
import type { ApplyRequest } from "../src/patch/apply/apply-configuration.ts";
import { applyConfiguration } from "../src/patch/apply/apply-configuration.ts";
import { mergeTypeOf } from "../src/patch/apply/merge-type.ts";
import { trackUpdate } from "../src/patch/apply/track-update.ts";
import type { Schema } from "../src/schema/schema.ts";

const string: Schema = { type: "string" };
const integer: Schema = { type: "integer" };
const strings: Schema = { type: "object", additionalProperties: string };
const quantities: Schema = { type: "object", additionalProperties: { type: "string", format: "quantity" } };
const probe: Schema = {
  type: "object",
  properties: {
    httpGet: { type: "object", properties: { path: string, port: { "x-kubernetes-int-or-string": true }, scheme: string } },
    initialDelaySeconds: integer,
    periodSeconds: integer,
    successThreshold: integer,
    timeoutSeconds: integer,
    failureThreshold: integer,
  },
};

function listMap(keys: readonly string[], properties: Record<string, Schema>): Schema {
  return { type: "array", items: { type: "object", properties }, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys };
}

const container: Record<string, Schema> = {
  name: string,
  image: string,
  imagePullPolicy: string,
  command: { type: "array", items: string },
  args: { type: "array", items: string },
  env: listMap(["name"], { name: string, value: string }),
  ports: listMap(["containerPort", "protocol"], { name: string, containerPort: integer, protocol: { type: "string", default: "TCP" } }),
  resources: { type: "object", properties: { limits: quantities, requests: quantities } },
  livenessProbe: probe,
  readinessProbe: probe,
  terminationMessagePath: string,
  terminationMessagePolicy: string,
  volumeMounts: listMap(["mountPath"], { name: string, mountPath: string, readOnly: { type: "boolean" } }),
};

const deployment: Schema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        replicas: integer,
        minReadySeconds: integer,
        progressDeadlineSeconds: integer,
        revisionHistoryLimit: integer,
        selector: { type: "object", properties: { matchLabels: strings }, "x-kubernetes-map-type": "atomic" },
        strategy: {
          type: "object",
          properties: {
            type: string,
            rollingUpdate: {
              type: "object",
              properties: { maxSurge: { "x-kubernetes-int-or-string": true }, maxUnavailable: { "x-kubernetes-int-or-string": true } },
            },
          },
        },
        template: {
          type: "object",
          properties: {
            metadata: { type: "object", properties: { labels: strings, annotations: strings } },
            spec: {
              type: "object",
              properties: {
                containers: listMap(["name"], container),
                volumes: listMap(["name"], { name: string, emptyDir: { type: "object", properties: { medium: string } } }),
                restartPolicy: string,
                dnsPolicy: string,
                schedulerName: string,
                securityContext: { type: "object", properties: { runAsUser: integer } },
                terminationGracePeriodSeconds: integer,
              },
            },
          },
        },
      },
    },
    status: {
      type: "object",
      properties: { observedGeneration: integer, replicas: integer, conditions: listMap(["type"], { type: string, status: string }) },
    },
  },
};

function manifest(image: string): KubeObject {
  const labels = { app: "podinfo", "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "podinfo", namespace: "web", labels },
    spec: {
      minReadySeconds: 3,
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 60,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } },
      selector: { matchLabels: { app: "podinfo" } },
      template: {
        metadata: { annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9797" }, labels: { app: "podinfo" } },
        spec: {
          containers: [
            {
              name: "podinfod",
              image,
              imagePullPolicy: "IfNotPresent",
              ports: [
                { name: "http", containerPort: 9898, protocol: "TCP" },
                { name: "http-metrics", containerPort: 9797, protocol: "TCP" },
                { name: "grpc", containerPort: 9999, protocol: "TCP" },
              ],
              command: ["./podinfo", "--port=9898", "--port-metrics=9797", "--grpc-port=9999", "--level=info", "--random-delay=false"],
              env: [{ name: "PODINFO_UI_COLOR", value: "#34577c" }],
              livenessProbe: { httpGet: { path: "/healthz", port: 9898 }, initialDelaySeconds: 5, timeoutSeconds: 5 },
              readinessProbe: { httpGet: { path: "/readyz", port: 9898 }, initialDelaySeconds: 5, timeoutSeconds: 5 },
              resources: { limits: { cpu: "2000m", memory: "512Mi" }, requests: { cpu: "100m", memory: "64Mi" } },
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
          volumes: [{ name: "data", emptyDir: {} }],
        },
      },
    },
  };
}

function measure(name: string, run: (round: number) => void): void {
  for (let round = 0; round < 3_000; round++) run(round);
  const rounds = 20_000;
  const started = performance.now();
  for (let round = 0; round < rounds; round++) run(round);
  const us = ((performance.now() - started) * 1000) / rounds;
  process.stdout.write(`${name.padEnd(34)} ${us.toFixed(1).padStart(7)} µs\n`);
}

const version = { type: mergeTypeOf(deployment), convert: (object: KubeObject) => object };
const base = {
  manager: "kustomize-controller",
  force: true,
  apiVersion: "apps/v1",
  versions: (apiVersion: string) => (apiVersion === "apps/v1" ? version : undefined),
  now: 0,
};

function apply(request: Omit<ApplyRequest, keyof typeof base>): KubeObject {
  const outcome = applyConfiguration({ ...base, ...request });
  if (outcome.kind === "conflict") throw new Error(outcome.message);
  return outcome.object;
}

const texts = [
  JSON.stringify(manifest("ghcr.io/stefanprodan/podinfo:6.5.0")),
  JSON.stringify(manifest("ghcr.io/stefanprodan/podinfo:6.5.1")),
];
const parse = (round: number): KubeObject => parseJson(texts[round % 2] as string) as KubeObject;
const created = apply({ live: undefined, applied: parse(0) });
const withStatus = trackUpdate({
  ...base,
  before: created,
  after: { ...created, status: { observedGeneration: 1, replicas: 1, conditions: [{ type: "Available", status: "True" }] } },
  manager: "kube-controller-manager",
  subresource: "status",
});

process.stdout.write(`Deployment of ${texts[0]?.length ?? 0} bytes\n`);
const parsed = [parse(0), parse(1)];
measure("first apply", () => apply({ live: undefined, applied: parsed[0] as KubeObject }));
measure("apply of another image", (round) => apply({ live: round % 2 === 0 ? withStatus : withStatus, applied: parsed[1] as KubeObject }));
measure("apply that changes nothing", () => apply({ live: withStatus, applied: parsed[0] as KubeObject }));
measure("parse, and another image", () => apply({ live: withStatus, applied: parse(1) }));
measure("update of the status", (round) =>
  trackUpdate({
    ...base,
    before: withStatus,
    after: { ...withStatus, status: { observedGeneration: 1, replicas: round, conditions: [{ type: "Available", status: "True" }] } },
    manager: "kube-controller-manager",
    subresource: "status",
  }),
);
