// SPDX-License-Identifier: Apache-2.0
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { RunMetrics } from "../run-metrics.ts";

/** What a manager is asked for when its metrics are read. */
export interface QueueGauge {
  /** `kustomization`. */
  readonly controller: string;
  readonly depth: number;
  readonly active: number;
  readonly concurrent: number;
}

/** Counts what is told, and shows it. */
export interface Metrics extends RunMetrics {
  /** One HTTP request to the API server. */
  request(request: { readonly code: string; readonly method: string; readonly host: string }): void;
  leading(lease: string, isLeading: boolean): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
  /** For metrics of others (caches, event servers). */
  readonly registry: Registry;
}

/** 10 ms to 1800 s, in 10 steps of the same factor. @see fluxcd/pkg runtime/metrics NewRecorder */
const durationBuckets = Array.from({ length: 10 }, (_, step) => 0.01 * (1800 / 0.01) ** (step / 9));
const results = ["error", "requeue", "requeue_after", "success"] as const;

/** What is counted. */
export interface MetricsOptions {
  /** `kustomization` …: their counters begin at 0 rather than with the first event. */
  readonly controllers: readonly string[];
  /** Asked at every reading. */
  readonly queues: () => readonly QueueGauge[];
  /** Also those of the process (`process_*`, `nodejs_*`): once per process. */
  readonly withProcess: boolean;
}

/**
 * The metrics that Flux's dashboards and alerts read, in a registry of their own.
 *
 * @see spec 2.5
 */
export function createMetrics({ controllers, queues, withProcess }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "gotk_reconcile_duration_seconds",
    help: "The duration in seconds of a GitOps Toolkit resource reconciliation.",
    labelNames: ["kind", "name", "namespace"],
    buckets: durationBuckets,
    registers,
  });
  const total = new Counter({
    name: "controller_runtime_reconcile_total",
    help: "Total number of reconciliations per controller",
    labelNames: ["controller", "result"],
    registers,
  });
  const errors = new Counter({
    name: "controller_runtime_reconcile_errors_total",
    help: "Total number of reconciliation errors per controller",
    labelNames: ["controller"],
    registers,
  });
  const seconds = new Histogram({
    name: "controller_runtime_reconcile_time_seconds",
    help: "Length of time per reconciliation per controller",
    labelNames: ["controller"],
    buckets: [
      0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4,
      4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ],
    registers,
  });
  const requests = new Counter({
    name: "rest_client_requests_total",
    help: "Number of HTTP requests, partitioned by status code, method, and host.",
    labelNames: ["code", "host", "method"],
    registers,
  });
  const leader = new Gauge({
    name: "leader_election_master_status",
    help: "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master.",
    labelNames: ["name"],
    registers,
  });
  const gaugeOfQueues = (name: string, help: string, label: string, pick: (queue: QueueGauge) => number): void => {
    const gauge = new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        for (const queue of queues()) this.set({ [label]: queue.controller }, pick(queue));
      },
    });
    void gauge;
  };
  gaugeOfQueues(
    "controller_runtime_active_workers",
    "Number of currently used workers per controller",
    "controller",
    ({ active }) => active,
  );
  gaugeOfQueues(
    "controller_runtime_max_concurrent_reconciles",
    "Maximum number of concurrent reconciles per controller",
    "controller",
    ({ concurrent }) => concurrent,
  );
  gaugeOfQueues("workqueue_depth", "Current depth of workqueue", "name", ({ depth }) => depth);
  for (const controller of controllers) {
    for (const result of results) total.inc({ controller, result }, 0);
    errors.inc({ controller }, 0);
  }
  return {
    reconciled({ controller, kind, namespace, name, result, durationMs }) {
      duration.observe({ kind, name, namespace }, durationMs / 1000);
      total.inc({ controller, result });
      if (result === "error") errors.inc({ controller });
      seconds.observe({ controller }, durationMs / 1000);
    },
    forget(kind, namespace, name) {
      duration.remove({ kind, name, namespace });
    },
    request: (labels) => requests.inc({ ...labels }),
    leading: (name, isLeading) => leader.set({ name }, isLeading ? 1 : 0),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    registry,
  };
}
