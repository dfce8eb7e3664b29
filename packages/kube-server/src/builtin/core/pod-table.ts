// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { hasAt, isTrueAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { age } from "../table/age.ts";
import { ageOf, countAt, isBeingDeleted, NONE, nameOf, specOf, statusOf } from "../table/cells.ts";
import { tableOf } from "../table/columns.ts";

/** What the containers of a pod say together. */
interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly status: string;
  readonly restarts: number;
  /** When a container last ended before it was started again; in milliseconds. */
  readonly lastRestart: number | undefined;
}

/** `kubectl get pods`. @see kubernetes pkg/printers/internalversion printPod */
export const podTable = tableOf(
  "core.Pod",
  (object, now) => {
    const { ready, total, status, restarts, lastRestart } = summarize(object);
    const shown =
      restarts !== 0 && lastRestart !== undefined ? `${restarts} (${age(new Date(lastRestart).toISOString(), now)} ago)` : String(restarts);
    const [spec, current] = [specOf(object), statusOf(object)];
    return [
      nameOf(object),
      `${ready}/${total}`,
      status,
      shown,
      ageOf(object, now),
      textAt(objectsAt(current, "podIPs")[0] ?? {}, "ip") || NONE,
      textAt(spec, "nodeName") || NONE,
      textAt(current, "nominatedNodeName") || NONE,
      readinessGates(spec, current),
    ];
  },
  (object) => {
    const phase = textAt(statusOf(object), "phase");
    const message = phase === "Succeeded" ? "The pod has completed successfully." : phase === "Failed" ? "The pod failed." : undefined;
    return message ? [{ type: "Completed", status: "True", reason: phase, message }] : [];
  },
);

function summarize(object: KubeObject): PodSummary {
  const [spec, status] = [specOf(object), statusOf(object)];
  const phase = textAt(status, "phase");
  const gated = objectsAt(status, "conditions").some(
    (one) => textAt(one, "type") === "PodScheduled" && textAt(one, "reason") === "SchedulingGated",
  );
  const start = gated ? "SchedulingGated" : textAt(status, "reason") || phase;
  const sidecars = new Set(
    objectsAt(spec, "initContainers")
      .filter((one) => textAt(one, "restartPolicy") === "Always")
      .map((one) => textAt(one, "name")),
  );
  const init = initializing(spec, status, sidecars, start);
  const initialized =
    !init.isRunning ||
    objectsAt(status, "conditions").some((one) => textAt(one, "type") === "Initialized" && textAt(one, "status") === "True");
  const main = initialized ? running(status, sidecars, init.status) : undefined;
  return {
    total: objectsAt(spec, "containers").length + sidecars.size,
    ready: init.ready + (main?.ready ?? 0),
    status: deletionStatus(object, phase) ?? main?.status ?? init.status,
    restarts: main?.restarts ?? init.restarts,
    lastRestart: main ? main.lastRestart : init.lastRestart,
  };
}

function deletionStatus(object: KubeObject, phase: string): string | undefined {
  if (!isBeingDeleted(object)) return undefined;
  if (textAt(statusOf(object), "reason") === "NodeLost") return "Unknown";
  return phase === "Succeeded" || phase === "Failed" ? undefined : "Terminating";
}

interface InitSummary {
  readonly isRunning: boolean;
  readonly status: string;
  readonly ready: number;
  readonly restarts: number;
  readonly lastRestart: number | undefined;
}

/** Init containers, in order, up to the first that is not done. */
function initializing(spec: JsonObject, status: JsonObject, sidecars: ReadonlySet<string>, start: string): InitSummary {
  const statuses = objectsAt(status, "initContainerStatuses");
  let [ready, restarts] = [0, 0];
  let lastRestart: number | undefined;
  for (const [index, container] of statuses.entries()) {
    restarts += countAt(container, "restartCount");
    lastRestart = later(lastRestart, lastEnd(container));
    const state = objectAt(container, "state");
    const [ended, waiting] = [objectIn(state, "terminated"), objectIn(state, "waiting")];
    if (ended && countAt(ended, "exitCode") === 0) continue;
    if (sidecars.has(textAt(container, "name")) && isTrueAt(container, "started")) {
      if (isTrueAt(container, "ready")) ready++;
      continue;
    }
    const total = objectsAt(spec, "initContainers").length;
    const waits = textAt(waiting ?? {}, "reason");
    const why = ended ? endReason(ended) : waits !== "" && waits !== "PodInitializing" ? waits : `${index}/${total}`;
    return { isRunning: true, status: `Init:${why}`, ready, restarts, lastRestart };
  }
  return { isRunning: false, status: start, ready, restarts, lastRestart };
}

/** The containers proper, from the last to the first: the first one's reason wins. Restarts of sidecars count, those of init containers no longer. */
function running(status: JsonObject, sidecars: ReadonlySet<string>, start: string): Omit<InitSummary, "isRunning"> {
  const before = objectsAt(status, "initContainerStatuses").filter((one) => sidecars.has(textAt(one, "name")));
  let restarts = before.reduce((sum, one) => sum + countAt(one, "restartCount"), 0);
  let lastRestart = before.reduce<number | undefined>((latest, one) => later(latest, lastEnd(one)), undefined);
  let [reason, errorReason, ready] = [start, "", 0];
  for (const container of objectsAt(status, "containerStatuses").toReversed()) {
    restarts += countAt(container, "restartCount");
    lastRestart = later(lastRestart, lastEnd(container));
    const state = objectAt(container, "state");
    const [ended, waiting] = [objectIn(state, "terminated"), textAt(objectAt(state, "waiting"), "reason")];
    if (waiting !== "") reason = waiting;
    else if (ended) {
      reason = endReason(ended);
      if (countAt(ended, "exitCode") !== 0) errorReason = reason;
    } else if (isTrueAt(container, "ready") && hasAt(state, "running")) ready++;
  }
  return { status: reason === "Completed" ? completedReason(status, ready > 0, errorReason) : reason, ready, restarts, lastRestart };
}

/** Some containers have completed: what of the others? */
function completedReason(status: JsonObject, hasRunning: boolean, errorReason: string): string {
  const isReady = objectsAt(status, "conditions").some((one) => textAt(one, "type") === "Ready" && textAt(one, "status") === "True");
  if (hasRunning && isReady) return "Running";
  if (errorReason !== "") return errorReason;
  return hasRunning ? "NotReady" : "Completed";
}

function endReason(ended: JsonObject): string {
  const reason = textAt(ended, "reason");
  if (reason !== "") return reason;
  return countAt(ended, "signal") !== 0 ? `Signal:${countAt(ended, "signal")}` : `ExitCode:${countAt(ended, "exitCode")}`;
}

function lastEnd(container: JsonObject): number | undefined {
  const ended = objectIn(objectAt(container, "lastState"), "terminated");
  const ms = ended ? Date.parse(textAt(ended, "finishedAt")) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function later(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.max(left, right);
}

function readinessGates(spec: JsonObject, status: JsonObject): string {
  const gates = objectsAt(spec, "readinessGates");
  if (gates.length === 0) return NONE;
  const isTrue = (type: string): boolean =>
    textAt(objectsAt(status, "conditions").find((one) => textAt(one, "type") === type) ?? {}, "status") === "True";
  return `${gates.filter((gate) => isTrue(textAt(gate, "conditionType"))).length}/${gates.length}`;
}
