// SPDX-License-Identifier: Apache-2.0
import type { Problems } from "../validation/problems.ts";

const OCTET = /^\d{1,3}$/;

/** Whether a text is an IPv4 address, as Go's legacy parser reads it: four decimal numbers up to 255. */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return (
    parts.length === 4 && parts.every((part) => OCTET.test(part) && Number(part) <= 255 && (part.length === 1 || !part.startsWith("0")))
  );
}

/** Whether a text is an IPv6 address, without a zone. */
export function isIpv6(text: string): boolean {
  if (!text.includes(":")) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = (half: string): string[] => (half === "" ? [] : half.split(":"));
  const all = halves.flatMap(groups);
  const last = all.at(-1);
  const hasIpv4 = last !== undefined && last.includes(".");
  if (hasIpv4 && !isIpv4(last)) return false;
  const hex = hasIpv4 ? all.slice(0, -1) : all;
  const count = hex.length + (hasIpv4 ? 2 : 0);
  return hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

/** Whether a text is an address of either family. */
export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** @see apimachinery util/validation IsValidIP */
export function ipProblem(text: string, path: string, problems: Problems): void {
  if (!isIp(text)) problems.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
}

/** Whether a text is an address with a prefix length. */
export function isCidr(text: string): boolean {
  const [address = "", length = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(length)) return false;
  return (isIpv4(address) && Number(length) <= 32) || (isIpv6(address) && Number(length) <= 128);
}
