// SPDX-License-Identifier: Apache-2.0
// A table of the letters that zones go by, where Intl does not know them.

/** A zone of one offset, as a text that was read names it. */
export interface FixedZone {
  /** Empty where only the offset is known. */
  readonly name: string;
  readonly offsetSeconds: number;
}

/** A zone by its name in the IANA database, or one of a fixed offset. */
export type Zone = string | FixedZone;

export interface ZoneState {
  readonly offsetSeconds: number;
  readonly name: string;
}

/** Letters (behind the slash those of summer time; none where only the offset is shown) and the zones that have them. */
const LETTERS: readonly (readonly [letters: string, zones: string])[] = [
  ["", "Antarctica/Casey Antarctica/Troll Asia/Dubai Asia/Muscat Australia/Eucla Australia/LHI Australia/Lord_Howe"],
  [
    "CAT",
    "Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Juba Africa/Khartoum Africa/Kigali Africa/Lubumbashi Africa/Lusaka Africa/Maputo Africa/Windhoek",
  ],
  ["CST", "Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Macao Asia/Macau Asia/Shanghai Asia/Taipei PRC ROC"],
  ["CST/CDT", "America/Havana Cuba"],
  ["ChST", "Pacific/Guam Pacific/Saipan"],
  [
    "EAT",
    "Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala Africa/Mogadishu Africa/Nairobi Indian/Antananarivo Indian/Comoro Indian/Mayotte",
  ],
  ["GMT", "Etc/GMT GMT GMT+0 GMT-0 GMT0"],
  ["GMT/BST", "Europe/Guernsey Europe/Isle_of_Man Europe/Jersey"],
  ["GMT/IST", "Eire Europe/Dublin"],
  ["HKT", "Asia/Hong_Kong Hongkong"],
  ["HST/HDT", "America/Adak America/Atka US/Aleutian"],
  ["IST", "Asia/Calcutta Asia/Kolkata"],
  ["IST/IDT", "Asia/Jerusalem Asia/Tel_Aviv Israel"],
  ["JST", "Asia/Tokyo Japan"],
  ["KST", "Asia/Pyongyang Asia/Seoul ROK"],
  ["MET/MEST", "MET"],
  ["MSK", "Europe/Kirov Europe/Moscow Europe/Simferopol Europe/Volgograd W-SU"],
  ["MST", "America/Dawson America/Hermosillo America/Mazatlan America/Whitehorse Canada/Yukon Mexico/BajaSur"],
  ["NST/NDT", "America/St_Johns Canada/Newfoundland"],
  ["PKT", "Asia/Karachi"],
  ["PST", "Asia/Manila"],
  ["SAST", "Africa/Johannesburg Africa/Maseru Africa/Mbabane"],
  ["SST", "Pacific/Midway Pacific/Pago_Pago Pacific/Samoa US/Samoa"],
  [
    "WAT",
    "Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville Africa/Luanda Africa/Malabo Africa/Ndjamena Africa/Niamey Africa/Porto-Novo",
  ],
  ["WIB", "Asia/Jakarta Asia/Pontianak"],
  ["WIT", "Asia/Jayapura"],
  ["WITA", "Asia/Makassar Asia/Ujung_Pandang"],
];

/** Whether the database has a zone. Names are told apart by case, as they are file names for Go. */
export function isKnownZone(name: string): boolean {
  if (name === "UTC" || name === "") return true;
  if (!name.split("/").every((part) => /^[A-Z]/.test(part))) return false;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What a zone's clocks show at a moment, in milliseconds since 1970. @throws {RangeError} for a zone that is not known */
export function zoneAt(zone: Zone, milliseconds: number): ZoneState {
  if (typeof zone !== "string") return zone;
  if (zone === "UTC" || zone === "") return { offsetSeconds: 0, name: "UTC" };
  const options = {
    timeZone: zone,
    era: "narrow",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  } as const;
  const parts = new Map(new Intl.DateTimeFormat("en-US", options).formatToParts(milliseconds).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name) ?? 0);
  const local = new Date(0);
  local.setUTCFullYear(parts.get("era") === "B" ? 1 - part("year") : part("year"), part("month") - 1, part("day"));
  local.setUTCHours(part("hour"), part("minute"), part("second"));
  const offsetSeconds = Math.round((local.getTime() - Math.floor(milliseconds / 1000) * 1000) / 1000);
  return { offsetSeconds, name: abbreviation(zone, milliseconds, offsetSeconds) };
}

/** The letters of a zone: EST, CET. Where it has none, the offset as Go's database has it: +03. */
function abbreviation(zone: string, milliseconds: number, offsetSeconds: number): string {
  const known = LETTERS.find(([, zones]) => zones.split(" ").includes(zone))?.[0];
  if (known !== undefined && known !== "") {
    const [standard = "", summer = standard] = known.split("/");
    return summer !== standard && isSummer(zone, milliseconds, offsetSeconds) ? summer : standard;
  }
  for (const locale of known === "" ? [] : ["en-US", "en-GB", "en-AU"]) {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" }).formatToParts(milliseconds);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    if (/^[A-Z]{2,5}$/.test(name)) return name;
  }
  const sign = offsetSeconds < 0 ? "-" : "+";
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60);
  return sign + two(Math.floor(minutes / 60)) + (minutes % 60 === 0 ? "" : two(minutes % 60));
}

/** Whether the clocks are ahead of what they show in one of the half years. */
function isSummer(zone: string, milliseconds: number, offsetSeconds: number): boolean {
  const year = new Date(milliseconds).getUTCFullYear();
  const offsets = [Date.UTC(year, 0, 1), Date.UTC(year, 6, 1)].map((moment) => offsetAt(zone, moment));
  return offsetSeconds > Math.min(...offsets);
}

function offsetAt(zone: string, milliseconds: number): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(milliseconds);
  const [, sign = "+", hours = "0", minutes = "0"] =
    /GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60;
}

/** A number of two digits. */
export function two(value: number): string {
  return String(value).padStart(2, "0");
}
