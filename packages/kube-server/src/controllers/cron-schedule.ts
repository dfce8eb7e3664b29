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

const NAMES: Readonly<Record<string, number>> = {
  jan: 1,
  feb: 2,
  mar: 3,
  apr: 4,
  may: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  nov: 11,
  dec: 12,
  sun: 0,
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
};

const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Which minutes a schedule means, in UTC. */
export interface CronSchedule {
  /** The first time after `afterMs`, in milliseconds; undefined when there is none within five years. */
  next(afterMs: number): number | undefined;
}

/** Parses the five fields of cron, names, steps, ranges, lists and macros. Undefined when it is none of these. @see robfig/cron ParseStandard */
export function parseCron(text: string): CronSchedule | undefined {
  const fields = (MACROS[text.trim()] ?? text.trim()).split(/\s+/);
  if (fields.length !== 5) return undefined;
  const sets = fields.map((field, index) => parseField(field.toLowerCase(), RANGES[index] as readonly [number, number]));
  if (sets.includes(undefined)) return undefined;
  const [minutes, hours, days, months, weekdays] = sets as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  if (weekdays.has(7)) weekdays.add(0);
  const anyDay = fields[2] === "*" || fields[2] === "?";
  const anyWeekday = fields[4] === "*" || fields[4] === "?";
  const isDay = (date: Date): boolean => {
    const day = days.has(date.getUTCDate());
    const weekday = weekdays.has(date.getUTCDay());
    return anyDay || anyWeekday ? day && weekday : day || weekday;
  };
  return {
    next: (afterMs) => {
      const date = new Date(Math.floor(afterMs / 60_000) * 60_000 + 60_000);
      const limit = afterMs + 5 * 366 * 86_400_000;
      while (date.getTime() <= limit) {
        if (!months.has(date.getUTCMonth() + 1)) date.setTime(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
        else if (!isDay(date)) date.setTime(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1));
        else if (!hours.has(date.getUTCHours())) date.setTime(Math.floor(date.getTime() / 3_600_000) * 3_600_000 + 3_600_000);
        else if (!minutes.has(date.getUTCMinutes())) date.setTime(date.getTime() + 60_000);
        else return date.getTime();
      }
      return undefined;
    },
  };
}

function parseField(field: string, [low, high]: readonly [number, number]): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [from = "", to] = range.split("-");
    const isAny = range === "*" || range === "?";
    const first = isAny ? low : numberOf(from);
    const last = isAny ? high : to !== undefined ? numberOf(to) : part.includes("/") ? high : first;
    const by = Number(step);
    if (first === undefined || last === undefined || !Number.isInteger(by) || by < 1 || first < low || last > high || first > last)
      return undefined;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

function numberOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  return Object.hasOwn(NAMES, text) ? NAMES[text] : undefined;
}
