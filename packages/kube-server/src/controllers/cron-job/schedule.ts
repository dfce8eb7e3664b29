// SPDX-License-Identifier: Apache-2.0

const MACROS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: readonly { readonly low: number; readonly high: number; readonly names?: readonly string[]; readonly firstName?: number }[] =
  [
    { low: 0, high: 59 },
    { low: 0, high: 23 },
    { low: 1, high: 31 },
    { low: 1, high: 12, names: MONTHS, firstName: 1 },
    { low: 0, high: 6, names: DAYS, firstName: 0 },
  ];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: MINUTE_MS, h: HOUR_MS };

/** Which moments a schedule means. */
export interface CronSchedule {
  /** The first moment after `afterMs`, in milliseconds; undefined when there is none within five years. */
  next(afterMs: number): number | undefined;
}

/**
 * Parses the five fields of cron with names, steps, ranges and lists, its macros, and `@every 1h30m`.
 *
 * @param timeZone whose clock the fields are about; UTC when absent
 * @returns undefined when the text is no schedule, or the time zone is unknown
 * @see github.com/robfig/cron v3 ParseStandard, SpecSchedule.Next
 */
export function parseCron(text: string, timeZone?: string): CronSchedule | undefined {
  const [, zone = timeZone, schedule = ""] = /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.*)$/s.exec(text.trim()) ?? [];
  const every = /^@every (.+)$/.exec(schedule)?.[1];
  if (every !== undefined) return parseEvery(every);
  const fields = (MACROS[schedule] ?? schedule).split(/\s+/);
  if (fields.length !== 5) return undefined;
  const sets = fields.map((field, index) => parseField(field.toLowerCase(), FIELDS[index] ?? { low: 0, high: 0 }));
  const offset = offsetOf(zone);
  const [minutes, hours, days, months, weekdays] = sets;
  if (!minutes || !hours || !days || !months || !weekdays || offset === undefined) return undefined;
  const isStar = (field: string | undefined): boolean => field?.startsWith("*") === true || field?.startsWith("?") === true;
  const isDay = (date: Date): boolean => {
    const day = days.has(date.getUTCDate());
    const weekday = weekdays.has(date.getUTCDay());
    return isStar(fields[2]) || isStar(fields[4]) ? day && weekday : day || weekday;
  };
  // The clock on the wall of the zone, as if it were UTC: `local` below.
  const toInstant = (local: number): number => local - offset(local - offset(local));
  return {
    next: (afterMs) => {
      let instant = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
      const limit = afterMs + 5 * 366 * DAY_MS;
      while (instant <= limit) {
        const local = instant + offset(instant);
        const date = new Date(local);
        let jump: number | undefined;
        if (!months.has(date.getUTCMonth() + 1)) jump = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
        else if (!isDay(date)) jump = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
        else if (!hours.has(date.getUTCHours())) jump = Math.floor(local / HOUR_MS) * HOUR_MS + HOUR_MS;
        else if (minutes.has(date.getUTCMinutes())) return instant;
        // A jump over the hour that a clock change takes away or gives back must still go forward.
        instant = jump === undefined ? instant + MINUTE_MS : Math.max(instant + MINUTE_MS, toInstant(jump));
      }
      return undefined;
    },
  };
}

function parseEvery(text: string): CronSchedule | undefined {
  let total = 0;
  const rest = text.replace(/(\d+(?:\.\d*)?)(ms|s|m|h)/g, (_, number: string, unit: string) => {
    total += Number(number) * (UNITS[unit] ?? 0);
    return "";
  });
  if (rest !== "" || total <= 0) return undefined;
  const everyMs = Math.max(1000, Math.floor(total / 1000) * 1000);
  return { next: (afterMs) => Math.floor(afterMs / 1000) * 1000 + everyMs };
}

function parseField(field: string, { low, high, names = [], firstName = 0 }: (typeof FIELDS)[number]): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  const read = (text: string): number | undefined =>
    /^\d+$/.test(text) ? Number(text) : names.includes(text) ? names.indexOf(text) + firstName : undefined;
  for (const part of field.split(",")) {
    const [range = "", step] = part.split("/");
    const [from = "", to] = range.split("-");
    const isAny = from === "*" || from === "?";
    const first = isAny ? low : read(from);
    const single = step === undefined ? first : high;
    const last = isAny ? high : to === undefined ? single : read(to);
    const by = step === undefined ? 1 : Number(step);
    if (first === undefined || last === undefined || !Number.isInteger(by) || by < 1) return undefined;
    if (first < low || last > high || first > last) return undefined;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

/** How far the zone's clock is ahead of UTC at a moment, in milliseconds. */
function offsetOf(zone: string | undefined): ((ms: number) => number) | undefined {
  if (zone === undefined || zone === "UTC") return () => 0;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return undefined;
  }
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
    return local - Math.floor(ms / 1000) * 1000;
  };
}
