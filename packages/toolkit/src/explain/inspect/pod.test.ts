// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { KubeObject } from "@flux-ts/kube-core";
import { explain } from "../explain.ts";
import { factsOf } from "../test-facts.ts";

const target = { apiVersion: "v1", kind: "Pod", namespace: "default", name: "web" };
const LONG_AGO = "2026-01-01T00:00:00Z";
const JUST_NOW = "2026-01-01T00:59:50Z";

function pod(status: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>> = {}, createdAt = LONG_AGO): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default", creationTimestamp: createdAt },
    spec: { nodeName: "node-1", containers: [{ name: "web", image: "web:1" }], ...spec },
    status,
  };
}

const container = (
  state: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  phase: "Pending",
  startTime: LONG_AGO,
  containerStatuses: [{ name: "web", state, ...more }],
});
const waiting = (reason: string, message = "", more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> =>
  container({ waiting: { reason, message } }, more);
const event = (reason: string, message: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: reason.toLowerCase(), annotations: { about: "Pod/default/web" } },
  type: "Warning",
  reason,
  message,
  lastTimestamp: LONG_AGO,
});
const isThere = (kind: string, name: string): KubeObject => ({ apiVersion: "v1", kind, metadata: { name, namespace: "default" } });
const terminated = (exitCode: number, reason: string): Readonly<Record<string, unknown>> => ({
  lastState: { terminated: { exitCode, reason } },
  restartCount: 3,
});

test.each<[string, readonly KubeObject[], string, string]>([
  ["it is not there", [], "Pod/web NotFound", "failed"],
  ["an image", [pod(waiting("ImagePullBackOff", "no"))], "Pod/web ImagePullBackOff", "failed"],
  [
    "an image that wants credentials, which are there",
    [pod(waiting("ErrImagePull", "401 Unauthorized"), { imagePullSecrets: [{ name: "regcred" }] }), isThere("Secret", "regcred")],
    "Pod/web ErrImagePull",
    "failed",
  ],
  [
    "an image that wants credentials, which are not there",
    [pod(waiting("ErrImagePull", "401 Unauthorized"), { imagePullSecrets: [{ name: "regcred" }] })],
    "Secret/regcred NotFound",
    "failed",
  ],
  ["a crash", [pod(waiting("CrashLoopBackOff", "back-off", terminated(1, "Error")))], "Pod/web CrashLoopBackOff", "failed"],
  ["memory", [pod(waiting("CrashLoopBackOff", "back-off", terminated(137, "OOMKilled")))], "Pod/web OOMKilled", "failed"],
  ["an end", [pod(container({ terminated: { exitCode: 2, reason: "Error" } }))], "Pod/web Error", "failed"],
  ["an eviction", [pod({ phase: "Failed", reason: "Evicted", message: "low" })], "Pod/web Evicted", "failed"],
  [
    "an optional ConfigMap is not what is missing",
    [
      pod(waiting("CreateContainerConfigError", "x"), {
        containers: [{ name: "web", envFrom: [{ configMapRef: { name: "a", optional: true } }, { secretRef: { name: "b" } }] }],
      }),
    ],
    "Secret/b NotFound",
    "failed",
  ],
  [
    "a projected volume",
    [
      pod(waiting("ContainerCreating"), { volumes: [{ name: "v", projected: { sources: [{ configMap: { name: "ca" } }] } }] }),
      event("FailedMount", `configmap "ca" not found`),
    ],
    "ConfigMap/ca NotFound",
    "failed",
  ],
  ["a sandbox", [pod(waiting("ContainerCreating")), event("FailedCreatePodSandBox", "no IP")], "Pod/web FailedCreatePodSandBox", "failed"],
  ["no scheduler", [pod({ phase: "Pending" }, { nodeName: "" })], "Pod/web Pending", "failed"],
  ["a scheduler that has not come to it", [pod({ phase: "Pending" }, { nodeName: "" }, JUST_NOW)], "Pod/web Pending", "waiting"],
  ["it is starting", [pod({ ...waiting("ContainerCreating"), startTime: JUST_NOW })], "Pod/web Pending", "waiting"],
])("what is wrong with a pod: %s", (_, objects, expected, state) => {
  const { culprit, state: its } = explain(factsOf(target, objects));
  expect(`${culprit?.object.kind}/${culprit?.object.name} ${culprit?.reason}`).toBe(expected);
  expect(its).toBe(state);
});

test("a pod that is ready, or done, is as it should be", () => {
  for (const status of [{ phase: "Running", conditions: [{ type: "Ready", status: "True" }] }, { phase: "Succeeded" }]) {
    expect(explain(factsOf(target, [pod(status)])).state).toBe("ok");
  }
});
