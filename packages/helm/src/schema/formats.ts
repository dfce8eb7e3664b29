// SPDX-License-Identifier: Apache-2.0
// A table of formats: each gives what is wrong with a text, or undefined.
import { goQuote } from "@flux-ts/gotemplate";
import { RE2JS } from "re2js";

type Check = (text: string) => string | undefined;

function goChar(char: string): string {
  return `'${char === "'" ? "\\'" : goQuote(char).slice(1, -1)}'`;
}

function checkJsonPointer(text: string): string | undefined {
  if (text === "") return undefined;
  if (!text.startsWith("/")) return "not starting with /";
  return /~(?![01])/.test(text) ? "~ must be followed by 0 or 1" : undefined;
}

function checkRelativeJsonPointer(text: string): string | undefined {
  const [digits = ""] = /^\d*/.exec(text) ?? [];
  if (digits === "") return "must start with non-negative integer";
  if (digits.length > 1 && digits.startsWith("0")) return "starts with zero";
  const rest = text.slice(digits.length);
  return rest === "#" ? undefined : checkJsonPointer(rest);
}

function checkUuid(text: string): string | undefined {
  const lengths = [8, 4, 4, 4, 12];
  const groups = text.split("-");
  if (groups.length !== lengths.length) return "must have 5 elements";
  for (const [index, group] of groups.entries()) {
    if (group.length !== lengths[index]) return `element ${index + 1} must be ${lengths[index]} characters long`;
    const bad = /[^0-9a-fA-F]/.exec(group);
    if (bad !== null) return `non-hex character ${goChar(bad[0])}`;
  }
  return undefined;
}

function checkDuration(text: string): string | undefined {
  if (!text.startsWith("P")) return "must start with P";
  const rest = text.slice(1);
  if (rest === "") return "nothing after P";
  if (rest.endsWith("W")) {
    if (rest === "W") return "no number in week";
    return /^\d+W$/.test(rest) ? undefined : "invalid week";
  }
  const parts = rest.split("T");
  if (parts.length > 2) return "more than one T";
  for (const [index, part] of parts.entries()) {
    if (index > 0 && part === "") return "no time elements";
    const problem = checkUnits(part, index === 0 ? "YMD" : "HMS");
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkUnits(part: string, all: string): string | undefined {
  let left = all;
  let rest = part;
  while (rest !== "") {
    const [digits = ""] = /^\d*/.exec(rest) ?? [];
    if (digits === "") return "missing number";
    const unit = rest.charAt(digits.length);
    if (unit === "") return "missing unit";
    const at = left.indexOf(unit);
    if (at < 0) return all.includes(unit) ? `unit ${goChar(unit)} out of order` : `invalid unit ${goChar(unit)}`;
    left = left.slice(at + 1);
    rest = rest.slice(digits.length + 1);
  }
  return undefined;
}

function checkIpv4(text: string): string | undefined {
  const groups = text.split(".");
  if (groups.length !== 4) return "expected four decimals";
  for (const group of groups) {
    if (group.length > 1 && group.startsWith("0")) return "leading zeros";
    if (!/^[+-]?\d+$/.test(group)) return `strconv.Atoi: parsing ${goQuote(group)}: invalid syntax`;
    if (Number(group) < 0 || Number(group) > 255) return "decimal must be between 0 and 255";
  }
  return undefined;
}

function checkIpv6(text: string): string | undefined {
  if (!text.includes(":")) return "missing colon";
  if (text.includes("%")) return "zone id is not a part of ipv6 address";
  const fail = `ParseAddr(${goQuote(text)}): unable to parse IP`;
  const halves = text.split("::");
  if (halves.length > 2) return fail;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    const parts = half === "" ? [] : half.split(":");
    for (const [at, part] of parts.entries()) {
      const isLast = index === halves.length - 1 && at === parts.length - 1;
      if (isLast && part.includes(".")) {
        if (checkIpv4(part) !== undefined) return fail;
        groups += 2;
      } else {
        if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return fail;
        groups += 1;
      }
    }
  }
  return (halves.length === 2 ? groups <= 7 : groups === 8) ? undefined : fail;
}

function checkHostname(text: string): string | undefined {
  const name = text.replace(/\.$/, "");
  if (new TextEncoder().encode(name).length > 253) return "more than 253 characters long";
  for (const label of name.split(".")) {
    if (label.length < 1 || label.length > 63) return "label must be 1 to 63 characters long";
    if (label.startsWith("-")) return "label starts with hyphen";
    if (label.endsWith("-")) return "label ends with hyphen";
    const bad = /[^a-zA-Z0-9-]/u.exec(label);
    if (bad !== null) return `invalid character ${goChar(bad[0])}`;
  }
  return undefined;
}

function checkEmail(text: string): string | undefined {
  if (text.length > 254) return "more than 255 characters long";
  const at = text.lastIndexOf("@");
  if (at < 0) return "missing @";
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (local.length > 64) return "local part more than 64 characters long";
  const problem = checkLocalPart(local);
  if (problem !== undefined) return problem;
  if (domain.startsWith("[") && domain.endsWith("]")) {
    const address = domain.slice(1, -1);
    const isV6 = address.startsWith("IPv6:");
    const wrong = isV6 ? checkIpv6(address.slice(5)) : checkIpv4(address);
    return wrong === undefined ? undefined : `invalid ${isV6 ? "ipv6" : "ipv4"} address: ${wrong}`;
  }
  const wrong = checkHostname(domain);
  return wrong === undefined ? undefined : `invalid domain: ${wrong}`;
}

function checkLocalPart(local: string): string | undefined {
  if (local.length > 1 && local.startsWith('"'))
    return /[\\"]/.test(local.slice(1, -1)) ? "backslash and quote are not allowed within quoted local part" : undefined;
  if (local.startsWith(".")) return "starts with dot";
  if (local.endsWith(".")) return "ends with dot";
  if (local.includes("..")) return "consecutive dots";
  const bad = /[^a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/u.exec(local);
  return bad === null ? undefined : `invalid character ${goChar(bad[0])}`;
}

function checkDate(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const cannot = `parsing time ${goQuote(text)} as "2006-01-02": cannot parse ${goQuote(text)} as "2006"`;
  if (match === null) return cannot;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  if (month < 1 || month > 12) return `parsing time ${goQuote(text)}: month out of range`;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day < 1 || day > days ? `parsing time ${goQuote(text)}: day out of range` : undefined;
}

function checkTime(text: string): string | undefined {
  if (text.length < 9) return "less than 9 characters long";
  if (text[2] !== ":" || text[5] !== ":") return "missing colon in correct place";
  const parts = text.slice(0, 8).split(":");
  if (parts.some((part) => !/^[+-]?\d+$/.test(part))) return "invalid hour/min/sec";
  let [hour = 0, minute = 0] = parts.map(Number);
  const second = Number(parts[2]);
  if (hour < 0 || minute < 0 || second < 0) return "non-positive hour/min/sec";
  if (hour > 23 || minute > 59 || second > 60) return "hour/min/sec out of range";
  let rest = text.slice(8);
  if (rest.startsWith(".")) {
    const [digits = ""] = /^\d*/.exec(rest.slice(1)) ?? [];
    if (digits === "") return "no digits in second fraction";
    rest = rest.slice(1 + digits.length);
  }
  if (rest !== "z" && rest !== "Z") {
    if (rest.length !== 6) return "offset must be 6 characters long";
    if (!/^[+-]/.test(rest)) return "offset must begin with plus/minus";
    if (rest[3] !== ":") return "missing colon in offset in correct place";
    if (!/^[+-]\d\d:\d\d$/.test(rest)) return "invalid hour/min in offset";
    const [offsetHour, offsetMinute] = [Number(rest.slice(1, 3)), Number(rest.slice(4))];
    if (offsetHour > 23 || offsetMinute > 59) return "hour/min in offset out of range";
    const sign = rest.startsWith("+") ? -1 : 1;
    const minutes = (hour * 60 + minute + sign * (offsetHour * 60 + offsetMinute) + 2880) % 1440;
    [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  }
  return second >= 60 && (hour !== 23 || minute !== 59) ? "invalid leap second" : undefined;
}

function checkDateTime(text: string): string | undefined {
  if (text.length < 20) return "less than 20 characters long";
  if (!/[tT]/.test(text.charAt(10))) return "11th character must be t or T";
  const date = checkDate(text.slice(0, 10));
  if (date !== undefined) return `invalid date element: ${date}`;
  const time = checkTime(text.slice(11));
  return time === undefined ? undefined : `invalid time element: ${time}`;
}

/** As far as Go's url.Parse refuses a text. */
function checkUrl(text: string): string | undefined {
  const parse = (why: string): string => `parse ${goQuote(text)}: ${why}`;
  if (/[\0-\x1f\x7f]/.test(text)) return parse("net/url: invalid control character in URL");
  if (text.startsWith(":")) return parse("missing protocol scheme");
  const [beforeQuery = ""] = text.split(/[?#]/, 1);
  if (!/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(beforeQuery) && /^[^/]*:/.test(beforeQuery))
    return parse("first path segment in URL cannot contain colon");
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text);
  if (escape !== null) return parse(`invalid URL escape ${goQuote(escape[0])}`);
  const [, authority] = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/([^/?#]*)/.exec(text) ?? [];
  if (authority === undefined) return undefined;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const bad = /[ "<>\\^`{|}]/.exec(host);
  if (bad !== null) return parse(`invalid character ${goQuote(bad[0])} in host name`);
  const [, address, port = ""] = /^(\[.*\]|[^:]*)(:.*)?$/.exec(host) ?? [undefined, host];
  if (port !== "" && !/^:\d*$/.test(port)) return parse(`invalid port ${goQuote(port)} after host`);
  if (address?.startsWith("[") === true) {
    const wrong = checkIpv6(address.slice(1, -1));
    if (wrong !== undefined) return `invalid ipv6 address: ${wrong}`;
  }
  return undefined;
}

function checkUri(text: string): string | undefined {
  return checkUrl(text) ?? (/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) ? undefined : "relative url");
}

function checkUriReference(text: string): string | undefined {
  return text.includes("\\") ? "contains \\" : checkUrl(text);
}

function checkUriTemplate(text: string): string | undefined {
  const problem = checkUrl(text.replace(/[{}]/g, "x"));
  if (problem !== undefined) return problem;
  let isOpen = false;
  for (const [brace] of text.matchAll(/[{}/]/g)) {
    if (brace === "/") {
      if (isOpen) return "no matching closing brace";
    } else if ((brace === "{") === isOpen) return "nested curly braces";
    else isOpen = !isOpen;
  }
  return isOpen ? "no matching closing brace" : undefined;
}

function checkPeriod(text: string): string | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return "missing slash";
  const start = text.slice(0, slash);
  const end = text.slice(slash + 1);
  const named = (what: string, problem: string | undefined): string | undefined =>
    problem === undefined ? undefined : `invalid ${what}: ${problem}`;
  if (start.startsWith("P")) return named("start duration", checkDuration(start)) ?? named("end date-time", checkDateTime(end));
  return (
    named("start date-time", checkDateTime(start)) ??
    (end.startsWith("P") ? named("end duration", checkDuration(end)) : named("end date-time", checkDateTime(end)))
  );
}

function checkSemver(text: string): string | undefined {
  const [, core = "", pre, build] = /^([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(text) ?? [];
  if (build !== undefined) {
    if (build === "") return "build is empty";
    for (const part of build.split(".")) {
      if (part === "") return "build identifier is empty";
      const bad = /[^0-9A-Za-z-]/u.exec(part);
      if (bad !== null) return `invalid character ${goChar(bad[0])} in build identifier`;
    }
  }
  for (const part of pre === undefined ? [] : pre.split(".")) {
    if (part === "") return "pre-release identifier is empty";
    const bad = /[^0-9A-Za-z-]/u.exec(part);
    if (bad !== null) return `invalid character ${goChar(bad[0])} in pre-release identifier`;
    if (/^0\d+$/.test(part)) return "pre-release numeric identifier starts with zero";
  }
  const versions = core.split(".");
  if (versions.length !== 3) return "versionCore must have 3 numbers separated by dot";
  for (const [index, version] of versions.entries()) {
    const name = ["major", "minor", "patch"][index] ?? "";
    if (version === "") return `${name} is empty`;
    if (version.length > 1 && version.startsWith("0")) return `${name} starts with zero`;
    if (!/^\d+$/.test(version)) return `${name} contains non-digit`;
  }
  return undefined;
}

function checkRegex(text: string): string | undefined {
  try {
    RE2JS.compile(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const FORMATS: ReadonlyMap<string, Check> = new Map([
  ["json-pointer", checkJsonPointer],
  ["relative-json-pointer", checkRelativeJsonPointer],
  ["uuid", checkUuid],
  ["duration", checkDuration],
  ["period", checkPeriod],
  ["ipv4", checkIpv4],
  ["ipv6", checkIpv6],
  ["hostname", checkHostname],
  ["email", checkEmail],
  ["date", checkDate],
  ["time", checkTime],
  ["date-time", checkDateTime],
  ["uri", checkUri],
  ["iri", checkUri],
  ["uri-reference", checkUriReference],
  ["iri-reference", checkUriReference],
  ["uri-template", checkUriTemplate],
  ["semver", checkSemver],
  ["regex", checkRegex],
]);

/** What is wrong with a text of a format; undefined when nothing is, or the format is not known. @see santhosh-tekuri/jsonschema format.go */
export function checkFormat(format: string, text: string): string | undefined {
  return FORMATS.get(format)?.(text);
}
