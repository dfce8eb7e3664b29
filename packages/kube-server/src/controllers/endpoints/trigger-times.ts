// SPDX-License-Identifier: Apache-2.0
import type { Pod } from "../objects.ts";
import type { Service } from "./service.ts";

interface Seen {
  readonly service: string;
  readonly pods: ReadonlyMap<string, string>;
}

/**
 * Remembers by service when it and its pods changed last, to tell which moment a write of endpoints goes back to.
 * @see endpointslice TriggerTimeTracker
 */
export class TriggerTimes {
  readonly #seen = new Map<string, Seen>();

  /** The earliest moment among those that are news since the last call; undefined when none is. */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined {
    const before = this.#seen.get(key);
    const news: string[] = [];
    const times = new Map<string, string>();
    for (const pod of pods) {
      const time = pod.status?.conditions?.find((condition) => condition.type === "Ready")?.lastTransitionTime;
      if (time === undefined) continue;
      const name = pod.metadata.name ?? "";
      times.set(name, time);
      if (time > (before?.pods.get(name) ?? "")) news.push(time);
    }
    const created = service.metadata.creationTimestamp ?? "";
    if (created > (before?.service ?? "")) news.push(created);
    this.#seen.set(key, { service: created, pods: times });
    return news.toSorted()[0];
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}
