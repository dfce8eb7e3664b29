// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { Io } from "../../io.ts";
import { renderTable } from "../../output/table.ts";
import type { EventQuery, KubeEvent, RowOptions } from "./event-rows.ts";
import { EVENT, eventHeader, eventRow, isShown } from "./event-rows.ts";

/** Prints the events that are there, and those that come, until the time is up or the user interrupts. */
export async function watchEvents(
  client: Client,
  queries: readonly EventQuery[],
  options: RowOptions,
  io: Pick<Io, "stdout" | "clock">,
  signal: AbortSignal,
): Promise<void> {
  let header = eventHeader(options.showsNamespace);
  const print = (event: KubeEvent): void => {
    if (!isShown(event, options.types)) return;
    io.stdout(renderTable(header, [eventRow(event, { ...options, now: io.clock.now() })]));
    header = [];
  };
  try {
    await Promise.all(queries.map((query) => watchQuery(client, query, print, signal)));
  } catch (error) {
    // The end of the time is how this ends.
    if (!signal.aborted) throw error;
  }
}

async function watchQuery(client: Client, query: EventQuery, print: (event: KubeEvent) => void, signal: AbortSignal): Promise<void> {
  const { items, resourceVersion: listed } = await client.list<KubeEvent>(EVENT, { ...query, signal });
  items.forEach(print);
  let resourceVersion = listed;
  while (!signal.aborted) {
    for await (const { type, object } of await client.watch(EVENT, { ...query, resourceVersion, signal })) {
      // What is too old to be watched further begins with what is there now.
      if (type === "ERROR") return watchQuery(client, query, print, signal);
      resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
      // A watch of events gives events.
      if (type === "ADDED" || type === "MODIFIED") print(object as KubeEvent);
    }
  }
}
