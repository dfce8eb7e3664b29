// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { fill, hasAt, listAt, objectAt, put, textAt } from "../shape.ts";
import type { TypeDefault } from "./type-default.ts";

const MAX_INT32 = 2_147_483_647;

/** Defaults of apps/v1, batch/v1 and autoscaling, by type. @see kubernetes/kubernetes pkg/apis: defaults.go of apps, batch and autoscaling */
export const workloadDefaults: Readonly<Record<string, TypeDefault>> = {
  "apps.v1.DeploymentSpec": (spec) => {
    const filled = fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    return put(filled, "strategy", rolling(objectAt(filled, "strategy"), { maxUnavailable: "25%", maxSurge: "25%" }));
  },
  "apps.v1.DaemonSetSpec": (spec) => {
    const filled = fill(spec, { revisionHistoryLimit: 10 });
    return put(filled, "updateStrategy", rolling(objectAt(filled, "updateStrategy"), { maxUnavailable: 1, maxSurge: 0 }));
  },
  "apps.v1.StatefulSetSpec": (spec) => {
    const filled = fill(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: "OrderedReady" });
    const given = objectAt(filled, "updateStrategy");
    const strategy = hasAt(given, "type") ? given : fill(given, { type: "RollingUpdate", rollingUpdate: {} });
    const isRolling = textAt(strategy, "type") === "RollingUpdate" && hasAt(strategy, "rollingUpdate");
    const whole = isRolling ? put(strategy, "rollingUpdate", fill(objectAt(strategy, "rollingUpdate"), { partition: 0 })) : strategy;
    const retention = fill(objectAt(filled, "persistentVolumeClaimRetentionPolicy"), { whenDeleted: "Retain", whenScaled: "Retain" });
    return put(put(filled, "updateStrategy", whole), "persistentVolumeClaimRetentionPolicy", retention);
  },
  "apps.v1.ReplicaSetSpec": (spec) => fill(spec, { replicas: 1 }),
  "batch.v1.Job": (job) => {
    const spec = objectAt(job, "spec");
    const filled = fill(spec, {
      ...(hasAt(spec, "parallelism") ? {} : { completions: 1 }),
      parallelism: 1,
      backoffLimit: hasAt(spec, "backoffLimitPerIndex") ? MAX_INT32 : 6,
      completionMode: "NonIndexed",
      suspend: false,
      podReplacementPolicy: hasAt(spec, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed",
      manualSelector: false,
    });
    return put(job, "spec", filled);
  },
  "batch.v1.CronJobSpec": (spec) =>
    fill(spec, { concurrencyPolicy: "Allow", suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }),
  "batch.v1.PodFailurePolicyOnPodConditionsPattern": (pattern) => fill(pattern, { status: "True" }),
  "autoscaling.v1.HorizontalPodAutoscalerSpec": (spec) => fill(spec, { minReplicas: 1 }),
  "autoscaling.v2.HorizontalPodAutoscalerSpec": (spec) => {
    const filled = fill(spec, { minReplicas: 1, ...(listAt(spec, "metrics").length === 0 ? { metrics: [DEFAULT_METRIC] } : {}) });
    return hasAt(filled, "behavior") ? put(filled, "behavior", scalingBehavior(objectAt(filled, "behavior"))) : filled;
  },
};

const DEFAULT_METRIC: JsonObject = Object.freeze({
  type: "Resource",
  resource: Object.freeze({ name: "cpu", target: Object.freeze({ type: "Utilization", averageUtilization: 80 }) }),
});

function rolling(strategy: JsonObject, defaults: JsonObject): JsonObject {
  const typed = fill(strategy, { type: "RollingUpdate" });
  return textAt(typed, "type") === "RollingUpdate" ? put(typed, "rollingUpdate", fill(objectAt(typed, "rollingUpdate"), defaults)) : typed;
}

function scalingBehavior(behavior: JsonObject): JsonObject {
  const up = fill(objectAt(behavior, "scaleUp"), {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 4, periodSeconds: 15 },
      { type: "Percent", value: 100, periodSeconds: 15 },
    ],
  });
  const down = fill(objectAt(behavior, "scaleDown"), {
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
  });
  return put(put(behavior, "scaleUp", up), "scaleDown", down);
}
