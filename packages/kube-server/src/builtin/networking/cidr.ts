// SPDX-License-Identifier: Apache-2.0
import { isCidr, isIpv4 } from "../core/ip-address.ts";
import type { Problems } from "../validation/problems.ts";

/** @see apimachinery util/validation IsValidCIDR */
export function cidr(text: string, path: string, problems: Problems): void {
  if (!isCidr(text)) problems.invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
}

/** Whether one range of addresses lies in another and is smaller. Both are valid. */
export function isInside(inner: string, outer: string): boolean {
  const [address, length] = parse(inner);
  const [base, prefix] = parse(outer);
  return address.length === base.length && length > prefix && address.slice(0, prefix) === base.slice(0, prefix);
}

/** The address in binary digits, and the length of the prefix. */
function parse(range: string): readonly [bits: string, prefix: number] {
  const [address = "", prefix = "0"] = range.split("/");
  return [isIpv4(address) ? bitsOfIpv4(address) : bitsOfIpv6(address), Number(prefix)];
}

function bitsOfIpv4(address: string): string {
  return address
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
}

function bitsOfIpv6(address: string): string {
  const bits = (half: string): string =>
    half
      .split(":")
      .filter((group) => group !== "")
      .map((group) => (group.includes(".") ? bitsOfIpv4(group) : Number.parseInt(group, 16).toString(2).padStart(16, "0")))
      .join("");
  const [head = "", tail] = address.split("::");
  const [left, right] = [bits(head), bits(tail ?? "")];
  return left.padEnd(128 - right.length, "0") + right;
}
