// SPDX-License-Identifier: Apache-2.0
import type { Clock, KubeObject } from "@flux-ts/kube-core";
import { ApiError, isAlreadyExists, isNotFound, refOf, sleep, toTimestamp } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import { cutMessage } from "../conditions.ts";
import type { Logger } from "../logger.ts";
import { EventCorrelator } from "./correlator.ts";
import type { EmittedEvent, EventSink } from "./event-sink.ts";

/** Where Events are written, and what with. */
export interface KubeEventSinkOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** For names: 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly log: Logger;
  /** Events that wait to be written; more are dropped. Default 1000. */
  readonly maxQueued?: number;
}

const maxTries = 12;
const retryMs = 10_000;

/**
 * Writes core/v1 Events, one after the other, in the background. One that the server refuses is dropped; one that did
 * not reach it is tried again every 10 s, twelve times.
 *
 * @see client-go tools/record; G-EVT-1, G-EVT-5
 */
export function createKubeEventSink(options: KubeEventSinkOptions): EventSink {
  const { client, clock, random, log, maxQueued = 1000 } = options;
  const correlator = new EventCorrelator();
  const queue: KubeObject[] = [];
  let isDropping = false;
  let lastNs = 0n;

  // Names hold nanoseconds, which the clock has not: they only grow, so that events can be put in order by them, and
  // chance is in them, so that those of two recorders differ.
  const nextName = (name: string): string => {
    const chance = BigInt(1 + Math.floor(random() * 1000));
    const nowNs = BigInt(clock.now()) * 1_000_000n;
    lastNs = (lastNs < nowNs ? nowNs : lastNs) + chance;
    return `${name}.${lastNs.toString(16)}`;
  };

  let work: Promise<void> | undefined;
  // A pause before a retry is nothing that anybody should wait for.
  let settle: () => void = () => {};
  let settled: Promise<void> = Promise.resolve();

  const write = async (event: KubeObject): Promise<void> => {
    const correlated = correlator.correlate(event, clock.now());
    if (correlated.act === "drop") return;
    let isUpdate = correlated.act === "update";
    let { event: told } = correlated;
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (isUpdate && correlated.act === "update") await client.patch(refOf(correlated.event), correlated.patch, { type: "strategic" });
        else await client.create(told);
        return;
      } catch (error) {
        if (isUpdate && isNotFound(error)) {
          isUpdate = false;
          continue;
        }
        if (isAlreadyExists(error) && told === correlated.event) {
          // Another recorder had the same moment and the same luck.
          const { name = "" } = (told["involvedObject"] ?? {}) as { name?: string };
          told = { ...told, metadata: { ...told.metadata, name: nextName(name) } };
          continue;
        }
        if (error instanceof ApiError || attempt >= maxTries) {
          log.debug("an event could not be written and is dropped", { reason: event["reason"], error });
          return;
        }
      }
      settle();
      await sleep(clock, retryMs);
    }
  };

  const drain = async (): Promise<void> => {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) await write(event);
    work = undefined;
    settle();
  };

  return {
    emit(emitted) {
      if (queue.length >= maxQueued) {
        if (!isDropping) log.error("too many events wait to be written; some are dropped", { queued: queue.length });
        isDropping = true;
        return;
      }
      isDropping = false;
      queue.push(toKubeEvent(emitted, clock.now(), nextName(emitted.object.metadata.name ?? "")));
      if (work !== undefined) return;
      settled = new Promise((resolve) => (settle = resolve));
      work = drain();
    },
    flush: () => settled,
  };
}

/** @see client-go tools/record makeEvent */
function toKubeEvent(emitted: EmittedEvent, now: number, eventName: string): KubeObject {
  const { object, component, metadata } = emitted;
  const { name = "", namespace, uid, resourceVersion } = object.metadata;
  const timestamp = toTimestamp(now);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: eventName,
      namespace: namespace || "default",
      ...(Object.keys(metadata).length === 0 ? {} : { annotations: metadata }),
    },
    involvedObject: {
      kind: object.kind,
      ...(namespace ? { namespace } : {}),
      name,
      ...(uid === undefined ? {} : { uid }),
      apiVersion: object.apiVersion,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    reason: emitted.reason,
    message: cutMessage(emitted.message),
    type: emitted.severity === "error" ? "Warning" : "Normal",
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    count: 1,
    source: { component },
    reportingComponent: component,
    reportingInstance: "",
  };
}
