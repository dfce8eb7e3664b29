// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";

/** What to do with an event. */
export type Correlated =
  | { readonly act: "create"; readonly event: KubeObject }
  /** The same was told before: only its count and time move. */
  | { readonly act: "update"; readonly event: KubeObject; readonly patch: Readonly<Record<string, unknown>> }
  /** Too many of this object. */
  | { readonly act: "drop" };

interface Bucket {
  tokens: number;
  filledAt: number;
}

interface Similar {
  readonly messages: Set<string>;
  lastAt: number;
}

interface Logged {
  readonly name: string;
  readonly firstTimestamp: string;
  readonly count: number;
}

/** Of one source about one object: so many at once, then one in five minutes. */
const burst = 25;
const refillMs = 300_000;
/** So many that differ in the message only, within so long, become one. */
const maxSimilar = 10;
const similarMs = 600_000;
const maxRemembered = 4096;

/**
 * Keeps events from flooding the API: the rules of client-go's recorder, by which Kubernetes shows the events of all
 * its controllers.
 *
 * @see client-go tools/record EventCorrelator, EventSourceObjectSpamFilter, EventAggregator
 */
export class EventCorrelator {
  readonly #buckets = new Map<string, Bucket>();
  readonly #similar = new Map<string, Similar>();
  readonly #logged = new Map<string, Logged>();

  /** @param event a new core/v1 Event with its times, count 1 and the name it gets if it is created */
  correlate(event: KubeObject, now: number): Correlated {
    const source = sourceKey(event);
    const aggregate = JSON.stringify([source, event["type"], event["reason"]]);
    const combined = this.#combine(aggregate, event, now);
    const before = this.#logged.get(combined.key);
    const { firstTimestamp = toTimestamp(now) } = combined.event as { firstTimestamp?: string };
    const name = before?.name ?? event.metadata.name ?? "";
    const logged: Logged = { name, firstTimestamp: before?.firstTimestamp ?? firstTimestamp, count: (before?.count ?? 0) + 1 };
    remember(this.#logged, combined.key, logged);
    if (!this.#take(source, now)) return { act: "drop" };
    const counted: KubeObject = {
      ...combined.event,
      metadata: { ...combined.event.metadata, name },
      count: logged.count,
      firstTimestamp: logged.firstTimestamp,
    };
    if (before === undefined) return { act: "create", event: counted };
    return {
      act: "update",
      event: counted,
      patch: { count: logged.count, lastTimestamp: event["lastTimestamp"], message: counted["message"] },
    };
  }

  /** The event as it is told, and what it counts as the same with: its text, or its kind when there were too many texts. */
  #combine(aggregate: string, event: KubeObject, now: number): { readonly key: string; readonly event: KubeObject } {
    const known = this.#similar.get(aggregate);
    const similar: Similar = known !== undefined && now - known.lastAt <= similarMs ? known : { messages: new Set(), lastAt: now };
    similar.messages.add(String(event["message"]));
    similar.lastAt = now;
    remember(this.#similar, aggregate, similar);
    if (similar.messages.size < maxSimilar) return { key: JSON.stringify([aggregate, event["message"]]), event };
    // The oldest makes room, so that the set stays as small as the rule needs.
    for (const oldest of similar.messages) {
      similar.messages.delete(oldest);
      break;
    }
    const { annotations: _, ...metadata } = event.metadata;
    return { key: aggregate, event: { ...event, metadata, message: `(combined from similar events): ${String(event["message"])}` } };
  }

  #take(source: string, now: number): boolean {
    const bucket = this.#buckets.get(source) ?? { tokens: burst, filledAt: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) / refillMs);
    bucket.filledAt = now;
    remember(this.#buckets, source, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}

function sourceKey(event: KubeObject): string {
  const involved = event["involvedObject"] as Readonly<Record<string, unknown>>;
  return JSON.stringify([
    event["reportingComponent"],
    involved["apiVersion"],
    involved["kind"],
    involved["namespace"],
    involved["name"],
    involved["uid"],
  ]);
}

/** Newest last; the one that was not used for longest goes. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= maxRemembered) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
