// SPDX-License-Identifier: Apache-2.0
export type * from "./context.ts";
export { computeInLine, type Compute, type ComputeJob, type ComputeOptions } from "./compute/compute.ts";
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
export { ComputeError, type ComputeErrorCode } from "./compute/compute-error.ts";
export { createCompute, type ComputeConfig, type ComputePool } from "./compute/create-compute.ts";
export { serveJobs } from "./compute/serve-jobs.ts";
export { createFluxLogger, type FluxLoggerOptions, type LogLevel } from "./flux-logger.ts";
export { countRequests } from "./metrics/count-requests.ts";
export { createMetrics, type Metrics, type MetricsOptions, type QueueGauge } from "./metrics/metrics.ts";
export { acquireLeadership, leaseName, type LeaderElectionOptions, type Leadership } from "./leader/leader-elector.ts";
export * from "./flags/flag.ts";
export { applierFlags, controllerFlags, processFlags } from "./flags/common-flags.ts";
export { FlagError, parseFlags, type FlagSets, type ValuesOfSets } from "./flags/parse-flags.ts";
export { healthProbes, parseListenAddress, serveProbes, type Probe, type ProbeServer } from "./process/serve-probes.ts";
export { leadManager, type LedManager, type LeadOptions } from "./process/lead-manager.ts";
export { stopOnSignals, type SignalSource } from "./process/stop-on-signals.ts";
export { systemClock } from "@flux-ts/kube-client";
