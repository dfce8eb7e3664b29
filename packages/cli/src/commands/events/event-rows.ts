// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { CommandError } from "../../command.ts";
import { ageOf } from "../../output/human-duration.ts";
import { hasEvents } from "./referred-objects.ts";

/** A v1 Event, as much of it as is read. The server has checked it. */
export interface KubeEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count: number; readonly lastObservedTime?: string | null } | null;
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly namespace?: string };
}

export const EVENT: { readonly apiVersion: string; readonly kind: string } = { apiVersion: "v1", kind: "Event" };

/** Which events: of a namespace (absent: of all), and of some objects. */
export interface EventQuery {
  readonly namespace?: string;
  readonly fieldSelector?: string;
}

export interface RowOptions {
  readonly types: readonly string[];
  readonly showsNamespace: boolean;
  readonly now: number;
}

/**
 * The rows of all that the queries find, oldest first.
 * @throws {CommandError} when events cannot be read
 */
export async function eventRows(
  client: Client,
  queries: readonly EventQuery[],
  options: RowOptions,
  signal?: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  const found: KubeEvent[] = [];
  for (const query of queries) found.push(...(await listEvents(client, query, signal)));
  return found
    .toSorted(compareEvents)
    .filter((event) => isShown(event, options.types))
    .map((event) => eventRow(event, options));
}

/**
 * All that a query finds, page by page.
 * @throws {CommandError} when events cannot be read
 */
export async function listEvents(client: Client, query: EventQuery, signal?: AbortSignal): Promise<readonly KubeEvent[]> {
  try {
    return (await client.list<KubeEvent>(EVENT, { ...query, ...(signal === undefined ? {} : { signal }) })).items;
  } catch (error) {
    signal?.throwIfAborted();
    throw new CommandError(`error getting events: ${(error as Error).message}`, { cause: error });
  }
}

export function eventHeader(showsNamespace: boolean): readonly string[] {
  return [...(showsNamespace ? ["Namespace"] : []), "Last seen", "Type", "Reason", "Object", "Message"];
}

/** Whether an event is about an object of Flux, and of a type that is asked for. */
export function isShown({ involvedObject, type = "" }: KubeEvent, types: readonly string[]): boolean {
  return hasEvents(involvedObject.kind ?? "") && (types.length === 0 || types.some((one) => one.toLowerCase() === type.toLowerCase()));
}

export function eventRow(event: KubeEvent, { showsNamespace, now }: RowOptions): readonly string[] {
  const { metadata, type = "", reason = "", message = "", involvedObject } = event;
  const object = `${involvedObject.kind ?? ""}/${involvedObject.name ?? ""}`;
  return [...(showsNamespace ? [metadata.namespace ?? ""] : []), lastSeen(event, now), type, reason, object, message];
}

/** By time, which Kubernetes keeps in seconds; those of the same second in the order in which the server stored them. */
function compareEvents(a: KubeEvent, b: KubeEvent): number {
  const [timeA, timeB] = [timeOf(a), timeOf(b)];
  return timeA === timeB ? Number(a.metadata.resourceVersion ?? 0) - Number(b.metadata.resourceVersion ?? 0) : timeA - timeB;
}

function timeOf({ series, lastTimestamp, eventTime }: KubeEvent): number {
  const time = series ? series.lastObservedTime : (lastTimestamp ?? eventTime);
  // Events without a time come first.
  return Date.parse(time ?? "") || Number.NEGATIVE_INFINITY;
}

/** `5m`, or `10s (x4 over 5m)` for what came several times. */
function lastSeen({ series, count = 0, firstTimestamp, lastTimestamp, eventTime }: KubeEvent, now: number): string {
  const first = ageOf(eventTime ?? firstTimestamp, now);
  if (series) return `${ageOf(series.lastObservedTime, now)} (x${series.count} over ${first})`;
  return count > 1 ? `${ageOf(lastTimestamp, now)} (x${count} over ${first})` : first;
}
