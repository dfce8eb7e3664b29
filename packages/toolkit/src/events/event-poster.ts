// SPDX-License-Identifier: Apache-2.0
import type { FluxEvent, EventSeverity } from "@flux-ts/flux-api";
import type { Clock, KubeObject } from "@flux-ts/kube-core";
import { sleep, stringifyJson, toTimestamp } from "@flux-ts/kube-core";
import { Agent } from "undici";

/** An event of a controller, as its recorder tells it: what kube-runtime's `EmittedEvent` has. */
export interface PostableEvent {
  readonly object: KubeObject;
  readonly severity: EventSeverity;
  readonly reason: string;
  readonly message: string;
  /** Complete keys (G-EVT-3). */
  readonly metadata: Readonly<Record<string, string>>;
  readonly component: string;
}

export interface EventPosterOptions {
  /** `--events-addr`: `http://notification-controller.flux-system.svc.cluster.local./`. */
  readonly address: string;
  readonly clock: Clock;
  /** `reportingInstance`: the name of this host. */
  readonly instance: string;
  /** Told of every event that was given up. */
  readonly onLost: (why: string, event: FluxEvent) => void;
  /** Events that wait; the oldest are given up for new ones. Default 1000. */
  readonly maxQueued?: number;
}

/** Posts events to the notification-controller. Shaped as kube-runtime's `EventSink`. */
export interface EventPoster {
  emit(event: PostableEvent): void;
  /** Resolves once nothing is under way but pauses before another try. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const timeoutMs = 5000;
const retries = 4;
const minPauseMs = 1000;
const maxPauseMs = 30_000;

/**
 * Posts events one after the other, in the background: nobody waits for it. An answer 429 means that the event was
 * told before, and is no failure; no answer and answers of 500 and more are tried four times more, 1, 2, 4 and 8
 * seconds apart. Trace events are not posted.
 *
 * @see G-EVT-1, G-EVT-2; fluxcd/pkg runtime/events Recorder
 * @throws {TypeError} when the address is no URL
 */
export function createEventPoster(options: EventPosterOptions): EventPoster {
  const { clock, instance, onLost, maxQueued = 1000 } = options;
  const url = new URL(options.address);
  const agent = new Agent({ connections: 2, pipelining: 1 });
  const closing = new AbortController();
  const queue: FluxEvent[] = [];
  let isWorking = false;
  let tellPaused: () => void = () => {};
  let paused: Promise<void> = Promise.resolve();

  const post = async (event: FluxEvent): Promise<"sent" | "retry" | string> => {
    const { statusCode, body } = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: stringifyJson(event),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]),
    });
    await body.dump({ limit: 64 * 1024 });
    if (statusCode < 300 || statusCode === 429) return "sent";
    return statusCode >= 500 && statusCode !== 501 ? "retry" : `answered ${statusCode}`;
  };

  const deliver = async (event: FluxEvent): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      let outcome: string;
      try {
        outcome = await post(event);
      } catch (error) {
        if (closing.signal.aborted) return;
        outcome = attempt < retries ? "retry" : `no answer: ${error instanceof Error ? error.message : String(error)}`;
      }
      if (outcome === "sent") return;
      if (outcome !== "retry" || attempt >= retries) {
        onLost(outcome === "retry" ? `failed ${attempt + 1} times` : outcome, event);
        return;
      }
      tellPaused();
      await sleep(clock, Math.min(minPauseMs * 2 ** attempt, maxPauseMs), closing.signal).catch(() => {});
    }
  };

  const work = async (): Promise<void> => {
    for (let event = queue.shift(); event !== undefined && !closing.signal.aborted; event = queue.shift()) await deliver(event);
    isWorking = false;
    tellPaused();
  };

  return {
    emit(given) {
      const event = toFluxEvent(given, instance, clock.now());
      if (event === undefined) return;
      queue.push(event);
      if (queue.length > maxQueued) {
        const oldest = queue.shift();
        if (oldest !== undefined) onLost(`more than ${maxQueued} events wait`, oldest);
      }
      if (isWorking) return;
      isWorking = true;
      paused = new Promise((resolve) => (tellPaused = resolve));
      void work();
    },
    flush: () => paused,
    async close() {
      closing.abort(new Error("the event poster was closed"));
      tellPaused();
      await agent.destroy();
    },
  };
}

/** The body of a POST; undefined for what is not posted. @see G-EVT-1, G-EVT-2 */
export function toFluxEvent(event: PostableEvent, instance: string, now: number): FluxEvent | undefined {
  const { object, severity, reason, message, metadata, component } = event;
  const { name, namespace, uid, resourceVersion } = object.metadata;
  if (severity === "trace" || !name || !namespace) return undefined;
  return {
    involvedObject: {
      kind: object.kind,
      namespace,
      name,
      ...(uid === undefined ? {} : { uid }),
      apiVersion: object.apiVersion,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    severity,
    timestamp: toTimestamp(now),
    message,
    reason,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    reportingController: component,
    reportingInstance: instance,
  };
}
