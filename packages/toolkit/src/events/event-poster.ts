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

/** Where events are posted, and as whom. */
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

/** What became of one try; `lost` says why there is no other. */
type Outcome = "sent" | "retry" | "closed" | { readonly lost: string };

const timeoutMs = 5000;
/** Posts at once. */
const parallel = 4;
const retries = 4;
const minPauseMs = 1000;
const maxPauseMs = 30_000;

/**
 * Posts events in the background: nobody waits for it. Those of one object go one after the other, a few objects at a
 * time, and a pause before another try holds up nobody else's. An answer 429 means that the event was told before, and
 * is no failure; no answer and answers of 500 and more are tried four times more, 1, 2, 4 and 8 seconds apart. Trace
 * events are not posted.
 *
 * @see G-EVT-1, G-EVT-2; fluxcd/pkg runtime/events Recorder
 * @throws {TypeError} when the address is no URL
 */
export function createEventPoster(options: EventPosterOptions): EventPoster {
  const { clock, instance, onLost, maxQueued = 1000 } = options;
  const url = new URL(options.address);
  const agent = new Agent({ connections: parallel, pipelining: 1 });
  const closing = new AbortController();
  const waiting: FluxEvent[] = [];
  /** Objects with an event under way, posting or pausing. */
  const busy = new Set<string>();
  let posting = 0;
  const flushed: (() => void)[] = [];

  const post = async (event: FluxEvent): Promise<Outcome> => {
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
    return statusCode >= 500 && statusCode !== 501 ? "retry" : { lost: `answered ${statusCode}` };
  };

  const tryOnce = async (event: FluxEvent, attempt: number): Promise<Outcome> => {
    posting += 1;
    try {
      const outcome = await post(event);
      return outcome === "retry" && attempt >= retries ? { lost: `failed ${attempt + 1} times` } : outcome;
    } catch (error) {
      if (closing.signal.aborted) return "closed";
      return attempt < retries ? "retry" : { lost: `no answer: ${error instanceof Error ? error.message : String(error)}` };
    } finally {
      posting -= 1;
    }
  };

  const deliver = async (event: FluxEvent, key: string): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await tryOnce(event, attempt);
      if (outcome !== "retry") {
        if (typeof outcome === "object") onLost(outcome.lost, event);
        break;
      }
      next();
      await sleep(clock, Math.min(minPauseMs * 2 ** attempt, maxPauseMs), closing.signal).catch(() => {});
      if (closing.signal.aborted) break;
    }
    busy.delete(key);
    next();
  };

  const next = (): void => {
    for (let at = 0; at < waiting.length && posting < parallel && !closing.signal.aborted;) {
      const event = waiting[at];
      const key = event === undefined ? "" : objectKey(event);
      if (event === undefined || busy.has(key)) {
        at += 1;
        continue;
      }
      waiting.splice(at, 1);
      busy.add(key);
      void deliver(event, key);
    }
    if (posting === 0) for (const resolve of flushed.splice(0)) resolve();
  };

  return {
    emit(given) {
      const event = toFluxEvent(given, instance, clock.now());
      if (event === undefined || closing.signal.aborted) return;
      waiting.push(event);
      next();
      if (waiting.length > maxQueued) {
        const oldest = waiting.shift();
        if (oldest !== undefined) onLost(`more than ${maxQueued} events wait`, oldest);
      }
    },
    flush: () => (posting === 0 ? Promise.resolve() : new Promise((resolve) => flushed.push(resolve))),
    async close() {
      closing.abort(new Error("the event poster was closed"));
      waiting.length = 0;
      next();
      await agent.destroy();
    },
  };
}

function objectKey({ involvedObject: { kind, namespace, name } }: FluxEvent): string {
  return `${kind}/${namespace}/${name}`;
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
