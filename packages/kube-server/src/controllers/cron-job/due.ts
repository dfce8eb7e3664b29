// SPDX-License-Identifier: Apache-2.0
import type { CronSchedule } from "./schedule.ts";

/** What a schedule asks for at a moment. Times are milliseconds. */
export interface Due {
  /** The latest time that has come and had no Job yet. */
  readonly at?: number;
  /** Whether more than 100 times came and went. */
  readonly missedMany: boolean;
}

const MANY = 100;

/**
 * The latest time of the schedule after `since` that is not after `now`.
 * @see cronjob mostRecentScheduleTime
 */
export function latestDue(schedule: CronSchedule, since: number, now: number): Due {
  const first = schedule.next(since);
  if (first === undefined || first > now) return { missedMany: false };
  const second = schedule.next(first);
  if (second === undefined || second > now) return { at: first, missedMany: false };
  const interval = second - first;
  // Start near the end: there may be years in between.
  const missed = Math.floor((now - first) / interval) + 1;
  let at: number | undefined;
  for (let time = schedule.next(first + (missed - 2) * interval); time !== undefined && time <= now; time = schedule.next(time)) at = time;
  return { missedMany: missed > MANY, ...(at === undefined ? {} : { at }) };
}
