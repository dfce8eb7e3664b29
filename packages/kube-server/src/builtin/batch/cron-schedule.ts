// SPDX-License-Identifier: Apache-2.0

interface FieldBounds {
  readonly min: number;
  readonly max: number;
  readonly names?: Readonly<Record<string, number>>;
}

const MONTHS = Object.fromEntries(
  ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map((name, index) => [name, index + 1]),
);
const DAYS = Object.fromEntries(["sun", "mon", "tue", "wed", "thu", "fri", "sat"].map((name, index) => [name, index]));
const FIELDS: readonly FieldBounds[] = [{ min: 0, max: 59 }, { min: 0, max: 23 }, { min: 1, max: 31 }, { min: 1, max: 12, names: MONTHS }, { min: 0, max: 6, names: DAYS }]; // prettier-ignore
const DESCRIPTORS: ReadonlySet<string> = new Set(["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]);

/** Why a text is no cron schedule, in the words of robfig/cron; undefined when it is one. @see github.com/robfig/cron v3 parser.go */
export function cronProblem(text: string): string | undefined {
  let spec = text;
  if (/^(?:TZ|CRON_TZ)=/.test(spec)) {
    const space = spec.indexOf(" ");
    if (space < 0)
      return `provided bad location ${spec.slice(spec.indexOf("=") + 1)}: unknown time zone ${spec.slice(spec.indexOf("=") + 1)}`;
    spec = spec.slice(space).trim();
  }
  if (spec.startsWith("@")) return descriptorProblem(spec);
  const fields = spec.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`;
  for (const [index, field] of fields.entries()) {
    const bounds = FIELDS[index];
    const problem = bounds && fieldProblem(field, bounds);
    if (problem) return problem;
  }
  return undefined;
}

function descriptorProblem(spec: string): string | undefined {
  if (DESCRIPTORS.has(spec)) return undefined;
  if (!spec.startsWith("@every ")) return `unrecognized descriptor: ${spec}`;
  const duration = spec.slice("@every ".length);
  if (/^[+-]?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(duration)) return undefined;
  return `failed to parse duration ${spec}: time: invalid duration ${JSON.stringify(duration)}`;
}

function fieldProblem(field: string, bounds: FieldBounds): string | undefined {
  for (const part of field.split(",").filter((one) => one !== "")) {
    const problem = rangeProblem(part, bounds);
    if (problem) return problem;
  }
  return undefined;
}

function rangeProblem(part: string, { min, max, names }: FieldBounds): string | undefined {
  const [range = "", step, ...tooMany] = part.split("/");
  const [low = "", high, ...more] = range.split("-");
  let [start, end] = [min, max];
  if (low !== "*" && low !== "?") {
    const first = read(low, names);
    if (typeof first === "string") return first;
    if (more.length > 0) return `too many hyphens: ${part}`;
    const last = high === undefined ? first : read(high, names);
    if (typeof last === "string") return last;
    [start, end] = [first, high === undefined && step !== undefined ? max : last];
  }
  if (tooMany.length > 0) return `too many slashes: ${part}`;
  const every = step === undefined ? 1 : read(step, undefined);
  if (typeof every === "string") return every;
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${part}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${part}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${part}`;
  return every === 0 ? `step of range should be a positive number: ${part}` : undefined;
}

/** A number or the name of a month or day; else why not. */
function read(text: string, names: Readonly<Record<string, number>> | undefined): number | string {
  const name = text.toLowerCase();
  const named = names && Object.hasOwn(names, name) ? names[name] : undefined;
  if (named !== undefined) return named;
  if (/^-\d+$/.test(text)) return `negative number (${text}) not allowed: ${text}`;
  return /^\+?\d+$/.test(text)
    ? Number(text)
    : `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}
