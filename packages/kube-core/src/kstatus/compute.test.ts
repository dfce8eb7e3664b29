// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { KubeObject } from "../object.ts";
import { computeStatus } from "./compute.ts";
import type { ComputedStatusName } from "./result.ts";

function object(apiVersion: string, kind: string, spec: unknown, status: unknown, metadata: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name: "x", ...metadata },
    ...(spec === undefined ? {} : { spec }),
    ...(status === undefined ? {} : { status }),
  };
}

const condition = (type: string, status: string, reason = "", message = ""): object => ({ type, status, reason, message });
const done = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
const rolledOut = [condition("Progressing", "True", "NewReplicaSetAvailable"), condition("Available", "True")];

const now = Date.parse("2026-01-01T00:01:00Z");
const recent = { creationTimestamp: "2026-01-01T00:00:50Z" };
const old = { creationTimestamp: "2026-01-01T00:00:10Z" };
const unschedulable = { phase: "Pending", conditions: [condition("PodScheduled", "False", "Unschedulable")] };

type Row = readonly [name: string, object: KubeObject, status: ComputedStatusName, message: string, reason?: string];

const rows: readonly Row[] = [
  [
    "an object being deleted",
    object("v1", "ConfigMap", undefined, undefined, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    "Terminating",
    "Resource scheduled for deletion",
  ],
  [
    "an older generation observed (G-CND-6)",
    object("a.io/v1", "Foo", {}, { observedGeneration: 1, conditions: [condition("Ready", "True")] }, { generation: 2 }),
    "InProgress",
    "Foo generation is 2, but latest observed generation is 1",
    "LatestGenerationNotObserved",
  ],
  [
    "the status default of Flux' kinds",
    object("a.io/v1", "Foo", {}, { observedGeneration: -1 }, { generation: 1 }),
    "InProgress",
    "Foo generation is 1, but latest observed generation is -1",
    "LatestGenerationNotObserved",
  ],
  [
    "Reconciling before Stalled, in list order (G-CND-6)",
    object("a.io/v1", "Foo", {}, { conditions: [condition("Reconciling", "True", "R", "r"), condition("Stalled", "True", "S", "s")] }),
    "InProgress",
    "r",
    "R",
  ],
  [
    "Stalled before Reconciling, in list order (G-CND-6)",
    object("a.io/v1", "Foo", {}, { conditions: [condition("Stalled", "True", "S", "s"), condition("Reconciling", "True", "R", "r")] }),
    "Failed",
    "s",
    "S",
  ],
  [
    "Reconciling=False",
    object("a.io/v1", "Foo", {}, { conditions: [condition("Reconciling", "False", "R", "r")] }),
    "Current",
    "Resource is current",
  ],
  [
    "Ready=False",
    object("a.io/v1", "Foo", {}, { conditions: [condition("Ready", "False", "Nope", "not yet")] }),
    "InProgress",
    "not yet",
    "Nope",
  ],
  [
    "Ready=Unknown",
    object("a.io/v1", "Foo", {}, { conditions: [condition("Ready", "Unknown", "Nope", "not yet")] }),
    "InProgress",
    "not yet",
    "Nope",
  ],
  ["Ready=True", object("a.io/v1", "Foo", {}, { conditions: [condition("Ready", "True")] }), "Current", "Resource is Ready"],
  ["no conditions", object("a.io/v1", "Foo", {}, undefined), "Current", "Resource is current"],
  ["conditions that are no list", object("a.io/v1", "Foo", {}, { conditions: "invalid" }), "Unknown", "cannot restore slice from string"],
  [
    "a generation that is no number",
    object("a.io/v1", "Foo", {}, { observedGeneration: "1" }, { generation: 1 }),
    "Unknown",
    "looking up status.observedGeneration from resource: .status.observedGeneration accessor error: 1 is of the type string, expected int64",
  ],
  ["a kind named like a prototype's member", object("v1", "constructor", {}, undefined), "Current", "Resource is current"],

  ["a Deployment without status", object("apps/v1", "Deployment", {}, undefined), "InProgress", "Replicas: 0/1", "LessReplicas"],
  [
    "a Deployment beyond its deadline (G-HLT-4)",
    object("apps/v1", "Deployment", {}, { ...done, conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded", "m")] }),
    "Failed",
    "Progress deadline exceeded",
    "ProgressDeadlineExceeded",
  ],
  [
    "a Deployment not all updated",
    object("apps/v1", "Deployment", { replicas: 2 }, { replicas: 2, updatedReplicas: 1 }),
    "InProgress",
    "Updated: 1/2",
    "LessUpdated",
  ],
  [
    "a Deployment with old pods",
    object("apps/v1", "Deployment", {}, { ...done, replicas: 2 }),
    "InProgress",
    "Pending termination: 1",
    "ExtraPods",
  ],
  [
    "a Deployment not all available",
    object("apps/v1", "Deployment", {}, { ...done, availableReplicas: 0 }),
    "InProgress",
    "Available: 0/1",
    "LessAvailable",
  ],
  [
    "a Deployment not all ready",
    object("apps/v1", "Deployment", {}, { ...done, readyReplicas: 0 }),
    "InProgress",
    "Ready: 0/1",
    "LessReady",
  ],
  [
    "a Deployment still rolling out",
    object("apps/v1", "Deployment", { progressDeadlineSeconds: 600 }, { ...done, conditions: [condition("Available", "True")] }),
    "InProgress",
    "ReplicaSet not Available",
    "ReplicaSetNotAvailable",
  ],
  [
    "a Deployment without a deadline",
    object("apps/v1", "Deployment", {}, { ...done, conditions: [condition("Available", "True")] }),
    "Current",
    "Deployment is available. Replicas: 1",
  ],
  [
    "a Deployment not Available",
    object("apps/v1", "Deployment", { progressDeadlineSeconds: 600 }, { ...done, conditions: [rolledOut[0]] }),
    "InProgress",
    "Deployment not Available",
    "DeploymentNotAvailable",
  ],
  [
    "a Deployment rolled out",
    object("apps/v1", "Deployment", { progressDeadlineSeconds: 600 }, { ...done, conditions: rolledOut }),
    "Current",
    "Deployment is available. Replicas: 1",
  ],
  [
    "a Deployment of 0",
    object("apps/v1", "Deployment", { replicas: 0, progressDeadlineSeconds: 600 }, { conditions: rolledOut }),
    "Current",
    "Deployment is available. Replicas: 0",
  ],

  [
    "a StatefulSet updated on delete",
    object("apps/v1", "StatefulSet", { updateStrategy: { type: "OnDelete" } }, undefined),
    "Current",
    "StatefulSet is using the ondelete update strategy",
  ],
  [
    "a StatefulSet not all ready",
    object("apps/v1", "StatefulSet", { replicas: 2 }, { replicas: 2, readyReplicas: 1 }),
    "InProgress",
    "Ready: 1/2",
    "LessReady",
  ],
  [
    "a StatefulSet with a partition, not all updated",
    object(
      "apps/v1",
      "StatefulSet",
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } },
      { replicas: 3, readyReplicas: 3, updatedReplicas: 1 },
    ),
    "InProgress",
    "updated: 1/2",
    "PartitionRollout",
  ],
  [
    "a StatefulSet with a partition",
    object(
      "apps/v1",
      "StatefulSet",
      { updateStrategy: { rollingUpdate: { partition: 0 } } },
      { replicas: 1, readyReplicas: 1, updatedReplicas: 1 },
    ),
    "Current",
    "Partition rollout complete. updated: 1",
  ],
  [
    "a StatefulSet of two revisions",
    object("apps/v1", "StatefulSet", {}, { replicas: 1, readyReplicas: 1, currentReplicas: 1, currentRevision: "a", updateRevision: "b" }),
    "InProgress",
    "Waiting for updated revision to match current",
    "RevisionMismatch",
  ],
  [
    "a StatefulSet of one revision",
    object("apps/v1", "StatefulSet", {}, { replicas: 1, readyReplicas: 1, currentReplicas: 1, currentRevision: "a", updateRevision: "a" }),
    "Current",
    "All replicas scheduled as expected. Replicas: 1",
  ],

  [
    "a DaemonSet nobody has observed",
    object("apps/v1", "DaemonSet", {}, {}, { generation: 1 }),
    "InProgress",
    "DaemonSet status.observedGeneration not found",
    "NoObservedGeneration",
  ],
  [
    "a DaemonSet not all available",
    object(
      "apps/v1",
      "DaemonSet",
      {},
      { observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
      { generation: 1 },
    ),
    "InProgress",
    "Available: 1/2",
    "LessAvailable",
  ],
  [
    "a DaemonSet on no node",
    object("apps/v1", "DaemonSet", {}, { observedGeneration: 1, desiredNumberScheduled: 0 }, { generation: 1 }),
    "Current",
    "All replicas scheduled as expected. Replicas: 0",
  ],

  [
    "a ReplicaSet that cannot create pods",
    object("apps/v1", "ReplicaSet", {}, { conditions: [condition("ReplicaFailure", "True")] }),
    "InProgress",
    "Replica Failure condition. Check Pods",
    "ReplicaFailure",
  ],
  ["a ReplicaSet not all labelled", object("apps/v1", "ReplicaSet", {}, {}), "InProgress", "Labelled: 0/1", "LessLabelled"],
  [
    "a ReplicaSet",
    object("apps/v1", "ReplicaSet", {}, { replicas: 1, fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1 }),
    "Current",
    "ReplicaSet is available. Replicas: 1",
  ],

  ["a Pod without phase", object("v1", "Pod", {}, {}), "InProgress", "Pod phase not available", "PodNotObserved"],
  [
    "a Pod that cannot be scheduled, at first",
    object("v1", "Pod", {}, unschedulable, recent),
    "InProgress",
    "Pod has not been scheduled",
    "PodNotScheduled",
  ],
  [
    "a Pod that cannot be scheduled, after 15 s",
    object("v1", "Pod", {}, unschedulable, old),
    "Failed",
    "Pod could not be scheduled",
    "PodUnschedulable",
  ],
  [
    "a Pod pulling its image",
    object("v1", "Pod", {}, { phase: "Pending", conditions: [condition("PodScheduled", "True")] }),
    "InProgress",
    "Pod is in the Pending phase",
    "PodPending",
  ],
  [
    "a Pod that is ready",
    object("v1", "Pod", {}, { phase: "Running", conditions: [condition("Ready", "True")] }),
    "Current",
    "Pod is Ready",
  ],
  [
    "a Pod that is not ready",
    object("v1", "Pod", {}, { phase: "Running", containerStatuses: [{ name: "a", state: { running: {} } }] }),
    "InProgress",
    "Pod is running but is not Ready",
    "PodRunningNotReady",
  ],
  [
    "a Pod that keeps crashing",
    object(
      "v1",
      "Pod",
      {},
      {
        phase: "Running",
        containerStatuses: [
          { name: "a", state: { waiting: { reason: "CrashLoopBackOff" } } },
          { name: "b", state: { waiting: { reason: "CrashLoopBackOff" } } },
        ],
      },
    ),
    "Failed",
    "Containers in CrashLoop state: a,b",
    "ContainerCrashLooping",
  ],
  ["a Pod that is over", object("v1", "Pod", {}, { phase: "Succeeded" }), "Current", "Pod has completed successfully"],
  ["a Pod that failed", object("v1", "Pod", {}, { phase: "Failed" }), "Current", "Pod has completed, but not successfully"],
  ["a Pod of an unknown phase", object("v1", "Pod", {}, { phase: "Odd" }), "Unknown", "unknown phase Odd"],

  ["a Job not started", object("batch/v1", "Job", {}, {}), "InProgress", "Job not started", "JobNotStarted"],
  [
    "a Job that runs",
    object("batch/v1", "Job", {}, { startTime: "2026-01-01T00:00:00Z", active: 1 }),
    "Current",
    "Job in progress. success:0, active: 1, failed: 0",
  ],
  [
    "a Job that failed",
    object("batch/v1", "Job", { completions: 2 }, { failed: 1, conditions: [condition("Failed", "True")] }),
    "Failed",
    "Job Failed. failed: 1/2",
    "JobFailed",
  ],

  [
    "a claim that is not bound",
    object("v1", "PersistentVolumeClaim", {}, { phase: "Pending" }),
    "InProgress",
    "PVC is not Bound. phase: Pending",
    "NotBound",
  ],
  ["a claim that is bound", object("v1", "PersistentVolumeClaim", {}, { phase: "Bound" }), "Current", "PVC is Bound"],
  [
    "a load balancer without an IP of the cluster",
    object("v1", "Service", { type: "LoadBalancer" }, undefined),
    "InProgress",
    "ClusterIP not set. Service type: LoadBalancer",
    "NoIPAssigned",
  ],
  [
    "a load balancer without an address",
    object("v1", "Service", { type: "LoadBalancer", clusterIP: "10.0.0.1" }, { loadBalancer: {} }),
    "Current",
    "Service is ready",
  ],
  ["a budget", object("policy/v1", "PodDisruptionBudget", {}, undefined), "Current", "AllowedDisruptions has been computed."],
  ["a CronJob", object("batch/v1", "CronJob", {}, undefined), "Current", "Resource is always ready"],
  [
    "a definition just created",
    object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {}, {}),
    "InProgress",
    "Install in progress",
    "Installing",
  ],
  [
    "a definition whose names are taken",
    object(
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      {},
      { conditions: [condition("NamesAccepted", "False", "Taken", "taken")] },
    ),
    "Failed",
    "taken",
    "Taken",
  ],
  [
    "a definition being installed",
    object(
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      {},
      { conditions: [condition("NamesAccepted", "True"), condition("Established", "False", "Installing", "i")] },
    ),
    "InProgress",
    "Install in progress",
    "Installing",
  ],
  [
    "a definition",
    object(
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      {},
      { conditions: [condition("NamesAccepted", "True"), condition("Established", "True")] },
    ),
    "Current",
    "CRD is established",
  ],
];

describe("computeStatus()", () => {
  const cases = rows.map(([name, subject, status, message, reason]) => ({ name, subject, status, message, reason }));
  test.each(cases)("$name", ({ subject, status, message, reason }) => {
    const result = computeStatus(subject, { now });
    expect({ status: result.status, message: result.message, reason: result.condition?.reason }).toEqual({ status, message, reason });
  });

  test("takes a Pod for new when it is not told the time", () => {
    expect(computeStatus(object("v1", "Pod", {}, unschedulable, old)).status).toBe("InProgress");
  });

  test("waits for a Job to finish when asked to (G-HLT-4)", () => {
    const running = object("batch/v1", "Job", { parallelism: 2 }, { startTime: "2026-01-01T00:00:00Z", active: 1 });
    expect(computeStatus(running, { waitForJobs: true })).toMatchObject({ status: "InProgress", condition: { reason: "JobInProgress" } });
    const suspended = object("batch/v1", "Job", { suspend: true }, {});
    expect(computeStatus(suspended, { waitForJobs: true })).toMatchObject({ status: "Current", message: "Job is suspended" });
    const complete = object("batch/v1", "Job", {}, { succeeded: 1, conditions: [condition("Complete", "True")] });
    expect(computeStatus(complete, { waitForJobs: true })).toMatchObject({ status: "Current", message: "Job Completed. succeeded: 1/1" });
  });
});
