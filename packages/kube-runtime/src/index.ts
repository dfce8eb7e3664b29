// SPDX-License-Identifier: Apache-2.0
export type * from "./context.ts";
export { computeInLine, type Compute, type ComputeJob, type ComputeOptions } from "./compute.ts";
export * from "./controller.ts";
export { silentLogger, type Logger } from "./logger.ts";
export { Cancelled, Failure, type FailureOptions } from "./failure.ts";
export type * from "./observe.ts";
export { createObserve, type Observations, type ObservePorts } from "./observe-kinds.ts";
export * from "./predicates.ts";
export { jittered } from "./jitter.ts";
export {
  conditionsOf,
  cutMessage,
  sortConditions,
  summarize,
  withCondition,
  withoutCondition,
  type ConditionValue,
  type SummaryRule,
} from "./conditions.ts";
export { conclude, type Conclusion, type Course, type End, type Requeue } from "./conclude.ts";
export { changedStatus, writeStatus, type StatusChange, type StatusWriter } from "./status.ts";
export { combineSinks, type EmittedEvent, type EventSink } from "./events/event-sink.ts";
export { createKubeEventSink, type KubeEventSinkOptions } from "./events/kube-event-sink.ts";
export { Informer, type Changed, type InformerOptions } from "./informer.ts";
export { Queue, type QueueOptions } from "./queue.ts";
export { createManager, type Manager, type ManagerOptions } from "./manager.ts";
export { noMetrics, type RunMetrics } from "./run-metrics.ts";
export { createScratch } from "./scratch.ts";
export { systemClock } from "@flux-ts/kube-client";
