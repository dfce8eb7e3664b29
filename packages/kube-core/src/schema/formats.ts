// SPDX-License-Identifier: Apache-2.0
import { parseDurationNs } from "../duration.ts";
import { isEmailAddress } from "./email.ts";
import { parseRequestUri } from "./go-url.ts";
import { parseCidr, parseIp } from "./ip.ts";
import type { Schema } from "./schema.ts";

/**
 * Formats of strings that are checked; a schema's other formats say nothing. Keys have no dashes.
 *
 * @see apiextensions-apiserver pkg/apiserver/validation/formats.go; kube-openapi strfmt
 */
const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[\da-fA-F]{24}$/.test(text),
  uri: (text) => parseRequestUri(text) !== undefined,
  email: isEmailAddress,
  hostname: isHostname,
  ipv4: (text) => text.includes(".") && parseIp(text, { sloppy: true }) !== undefined,
  ipv6: (text) => text.includes(":") && parseIp(text) !== undefined,
  cidr: (text) => parseCidr(text, { sloppy: true }) !== undefined,
  mac: isMac,
  uuid: (text) => /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i.test(text),
  uuid3: (text) => /^[\da-f]{8}-?[\da-f]{4}-?3[\da-f]{3}-?[\da-f]{4}-?[\da-f]{12}$/i.test(text),
  uuid4: (text) => /^[\da-f]{8}-?[\da-f]{4}-?4[\da-f]{3}-?[89ab][\da-f]{3}-?[\da-f]{12}$/i.test(text),
  uuid5: (text) => /^[\da-f]{8}-?[\da-f]{4}-?5[\da-f]{3}-?[89ab][\da-f]{3}-?[\da-f]{12}$/i.test(text),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?(?:[\da-fA-F]{3}|[\da-fA-F]{6})$/.test(text),
  rgbcolor: isRgbColor,
  byte: isBase64,
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text),
  k8slongname: (text) => text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
};

/** The format that is enforced on values of this schema; undefined when it has none, or one that is not known. */
export function effectiveFormat(schema: Schema): string | undefined {
  const { format } = schema;
  if (format === undefined || format === "") return undefined;
  switch (schema["x-kubernetes-int-or-string"] === true ? undefined : schema.type) {
    case undefined:
    case "string":
      return Object.hasOwn(CHECKS, format.replaceAll("-", "")) ? format : undefined;
    case "integer":
      return format === "int32" || format === "int64" ? format : undefined;
    case "number":
      return format === "float" || format === "double" ? format : undefined;
    default:
      return undefined;
  }
}

/** Whether the text has the format; true for a format that is not known. */
export function hasFormat(format: string, text: string): boolean {
  const name = format.replaceAll("-", "");
  return Object.hasOwn(CHECKS, name) ? (CHECKS[name]?.(text) ?? true) : true;
}

/** Whether a format of strings is known. */
export function isKnownFormat(format: string): boolean {
  return Object.hasOwn(CHECKS, format.replaceAll("-", ""));
}

const ALNUM = "a-zA-Z0-9\\p{S}\\p{L}";
const HOSTNAME = new RegExp(
  `^(?:[${ALNUM}](?:-?[${ALNUM}]{0,62})?|(?:[${ALNUM}](?:[${ALNUM}\\-]{0,61}[${ALNUM}])?\\.)+[a-zA-Z\\p{L}]{2,63})$`,
  "u",
);

function isHostname(text: string): boolean {
  const length = new TextEncoder().encode(text).length;
  if (length > 255 || !HOSTNAME.test(text)) return false;
  return text.split(".").every((label) => new TextEncoder().encode(label).length <= 63);
}

function isMac(text: string): boolean {
  const pairs = /^[\da-fA-F]{2}([:-])[\da-fA-F]{2}(?:\1[\da-fA-F]{2})+$/.test(text);
  if (pairs) return [17, 23, 59].includes(text.length);
  if (/^[\da-fA-F]{4}(?:\.[\da-fA-F]{4})+$/.test(text)) return [14, 19, 49].includes(text.length);
  // Since Go 1.26.
  return /^[\da-fA-F]+$/.test(text) && [12, 16, 40].includes(text.length);
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^(?:\d{9}X|\d{10})$/.test(digits)) return false;
  const sum = Array.from(digits).reduce(
    (total, digit, index) => total + (index === 9 ? 10 : index + 1) * (digit === "X" ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  return Array.from(digits).reduce((total, digit, index) => total + (index % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0;
}

const CARD = /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;

function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/\D+/g, "");
  if (!CARD.test(digits)) return false;
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

function isRgbColor(text: string): boolean {
  const part = "\\s*(?:0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*";
  return new RegExp(`^rgb\\(${part},${part},${part}\\)$`).test(text);
}

function isBase64(text: string): boolean {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** `2024-02-29`, a day that exists. */
function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

function isDateTime(text: string): boolean {
  const parts = text.toLowerCase().split("t");
  if (text.length < 4 || parts.length < 2 || !isDate(parts[0] ?? "")) return false;
  const match = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/.exec(parts[1] ?? "");
  if (match === null) return false;
  return (match[1] ?? "") <= "23" && (match[2] ?? "") <= "59" && (match[3] ?? "") <= "59";
}

/** A Go duration, or a number with a unit somewhere in the text, such as `3 days`. */
function isDuration(text: string): boolean {
  try {
    parseDurationNs(text);
    return true;
  } catch {
    // The other form is tried below.
  }
  const units = /^(?:ns$|us$|µs$|ms$|s$|m$|h$|hr$|d$|w$|wk$|nano|micro|milli|sec|min|hour|day|week)/i;
  const matches = [...text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)];
  if (matches.some((match) => BigInt(match[1] ?? "0") > 9223372036854775807n)) return false;
  return matches.some((match) => units.test(match[2] ?? ""));
}
