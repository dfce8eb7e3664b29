// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { getKey, isJsonObject } from "@flux-ts/kube-core";
import { conclude, concludeSuspension, type End } from "./conclude.ts";
import type { Context } from "./context.ts";
import { Cancelled, Failure } from "./failure.ts";
import { addFinalizer, hasFinalizer, isBeingDeleted, removeFinalizer } from "./finalizer.ts";
import type { Informer } from "./informer.ts";
import type { Logger } from "./logger.ts";
import type { Queue } from "./queue.ts";
import { ReconcileRun, type RunPorts } from "./reconcile-run.ts";
import { writeStatus } from "./status.ts";
import type { RunMetrics } from "./run-metrics.ts";

/** What a turn needs. */
export interface Turn {
  readonly ports: RunPorts;
  readonly own: Informer;
  readonly queue: Queue;
  readonly metrics: RunMetrics;
  /** Told of the run while it is under way, so that others can cancel it. */
  readonly started: (key: string, run: ReconcileRun) => void;
}

/**
 * One turn of one object: gone? being deleted? finalizer there? suspended? Then reconcile, conclude, write the status
 * once, tell, and decide when next. Never rejects.
 *
 * @see G-FIN-1 (the finalizer goes first, in a turn of its own), G-FIN-2 (deletion comes before suspension), G-SUS-1
 * @returns the run, if the object was reconciled
 */
export async function takeTurn(turn: Turn, key: string, log: Logger): Promise<ReconcileRun | undefined> {
  const { ports, own, queue, metrics } = turn;
  const { definition } = ports.controller;
  const [namespace = "", name = ""] = key.split("/");
  const object = own.get(namespace, name);
  if (object === undefined) {
    queue.forget(key);
    metrics.forget(definition.kind.kind, namespace, name);
    return undefined;
  }
  try {
    if (isBeingDeleted(object)) {
      if (!hasFinalizer(object, definition.finalizer)) {
        queue.forget(key);
        return undefined;
      }
      const run = new ReconcileRun(ports, object, log);
      turn.started(key, run);
      await finalize(turn, key, run);
      return run;
    }
    if (!hasFinalizer(object, definition.finalizer)) {
      const written = await addFinalizer(ports.client, object, definition.finalizer, definition.component);
      if (written !== undefined) ports.wrote(written);
      queue.add(key);
      return undefined;
    }
    if (isSuspended(object)) {
      log.info("reconciliation is suspended for this object");
      queue.forget(key);
      const writer = { client: ports.client, fieldManager: definition.component, now: () => ports.clock.now() };
      const written = await writeStatus(writer, object, concludeSuspension(definition, object));
      if (written !== undefined && written !== object) ports.wrote(written);
      return undefined;
    }
    const run = new ReconcileRun(ports, object, log);
    turn.started(key, run);
    await reconcile(turn, key, run);
    return run;
  } catch (error) {
    // Nothing but the API server's refusal or absence gets here.
    log.error("Reconciler error", { error });
    queue.addBackoff(key);
    return undefined;
  }
}

async function reconcile(turn: Turn, key: string, run: ReconcileRun): Promise<void> {
  const { ports, queue, metrics } = turn;
  const { definition, settings } = ports.controller;
  const { namespace = "", name = "" } = run.object.metadata;
  let end: End;
  try {
    end = { success: await definition.reconcile(run.object as Context["object"], run.context) };
  } catch (error) {
    end = { thrown: run.reasonOf(error) };
    logThrown(run.log, end.thrown);
  }
  const conclusion = conclude(definition, run.course(), end, settings.intervalJitterPercent ?? 5, ports.random());
  await run.finish(conclusion.change);
  if (conclusion.event !== undefined && run.current !== undefined) run.emit(conclusion.event);
  const { requeue } = conclusion;
  const isFailed = "thrown" in end && !(end.thrown instanceof Cancelled);
  metrics.reconciled({
    controller: definition.kind.kind.toLowerCase(),
    kind: definition.kind.kind,
    namespace,
    name,
    result: isFailed && requeue === "backoff" ? "error" : typeof requeue === "object" ? "requeue_after" : "success",
    durationMs: run.durationMs,
  });
  if (requeue === "backoff") {
    queue.addBackoff(key);
    return;
  }
  queue.resetBackoff(key);
  if (requeue === "now") queue.add(key);
  // Without an interval nothing but a change wakes it, as a RequeueAfter of zero means to controller-runtime.
  else if (requeue === "never" || requeue.afterMs <= 0) queue.forget(key);
  else queue.addAfter(key, requeue.afterMs);
}

/** Cleans up, then lets the object go. What fails is retried with backoff, and the object stays. */
async function finalize(turn: Turn, key: string, run: ReconcileRun): Promise<void> {
  const { ports, queue } = turn;
  const { definition } = ports.controller;
  try {
    await definition.cleanup?.(run.object as Context["object"], run.context);
  } catch (error) {
    const thrown = run.reasonOf(error);
    logThrown(run.log, thrown);
    if (thrown instanceof Cancelled && thrown.why === "shutdown") return;
    if (thrown instanceof Failure && thrown.event !== false) {
      run.emit({ severity: thrown.severity, reason: thrown.reason, message: thrown.event ?? thrown.message });
    }
    await run.finish({ fields: run.course().recorded, conditions: new Map() });
    const retry = thrown instanceof Failure ? thrown.retry : undefined;
    if (typeof retry === "object") queue.addAfter(key, retry.afterMs);
    else queue.addBackoff(key);
    return;
  }
  await removeFinalizer(ports.client, run.current ?? run.object, definition.finalizer, definition.component).then((written) => {
    if (written !== undefined) ports.wrote(written);
  });
  queue.forget(key);
}

function isSuspended(object: KubeObject): boolean {
  const { spec } = object;
  return isJsonObject(spec) && getKey(spec, "suspend") === true;
}

function logThrown(log: Logger, thrown: unknown): void {
  if (thrown instanceof Cancelled) log.info(`reconciliation cancelled: ${thrown.message}`);
  else if (thrown instanceof Failure) log.debug("Reconciliation ended with a failure", { reason: thrown.reason, error: thrown });
  else log.error("Reconciler error", { error: thrown });
}
