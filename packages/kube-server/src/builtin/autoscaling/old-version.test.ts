// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { KubeObject } from "@flux-ts/kube-core";
import { horizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";
import { toVersion1, toVersion2 } from "./old-version.ts";

const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } };
const scaler: KubeObject = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "a", annotations: { own: "x" } },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [
      {
        type: "External",
        external: { metric: { name: "q", selector: { matchLabels: { a: "b" } } }, target: { type: "AverageValue", averageValue: "5" } },
      },
      {
        type: "Object",
        object: { describedObject: { kind: "Service", name: "s" }, metric: { name: "m" }, target: { type: "Value", value: "7" } },
      },
      {
        type: "ContainerResource",
        containerResource: { name: "memory", container: "c", target: { type: "AverageValue", averageValue: "1Gi" } },
      },
      cpu,
    ],
    behavior: { scaleDown: { selectPolicy: "Max" } },
  },
  status: {
    currentReplicas: 2,
    desiredReplicas: 3,
    currentMetrics: [{ type: "External", external: { metric: { name: "q" }, current: { averageValue: "4" } } }],
    conditions: [{ type: "AbleToScale", status: "True" }],
  },
};

describe("the two versions of a HorizontalPodAutoscaler", () => {
  test("the old one has its CPU share as a field and the rest in annotations", () => {
    const old = toVersion1(scaler);
    expect(old["spec"]).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 1,
      maxReplicas: 3,
      targetCPUUtilizationPercentage: 60,
    });
    expect(Object.keys(old.metadata.annotations ?? {}).toSorted()).toEqual([
      "autoscaling.alpha.kubernetes.io/behavior",
      "autoscaling.alpha.kubernetes.io/conditions",
      "autoscaling.alpha.kubernetes.io/current-metrics",
      "autoscaling.alpha.kubernetes.io/metrics",
      "own",
    ]);
  });

  test("nothing is lost on the way and back", () => {
    expect(toVersion2(toVersion1(scaler))).toEqual(scaler);
    expect(toVersion2(scaler)).toBe(scaler);
  });

  test("one without any metric scales by 80% CPU", () => {
    const old: KubeObject = {
      apiVersion: "autoscaling/v1",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "a" },
      spec: { maxReplicas: 3 },
    };
    expect(toVersion2(old)["spec"]).toEqual({
      maxReplicas: 3,
      metrics: [{ ...cpu, resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }],
    });
  });

  test("an annotation that cannot be read counts as absent", () => {
    const old = toVersion1(scaler);
    const broken = { ...old, metadata: { ...old.metadata, annotations: { "autoscaling.alpha.kubernetes.io/metrics": "{" } } };
    expect(toVersion2(broken)["spec"]).toMatchObject({ metrics: [cpu] });
  });

  test("both are printed alike", () => {
    const cells = (object: KubeObject): readonly unknown[] | undefined => horizontalPodAutoscaler.printer?.cells(object, 0);
    const expected = ["a", "Deployment/web", "4/5 (avg), <unknown>/7 + 2 more...", "1", 3, 2, "<unknown>"];
    expect(cells(scaler)).toEqual(expected);
    expect(cells(toVersion1(scaler))).toEqual(expected);
  });
});
