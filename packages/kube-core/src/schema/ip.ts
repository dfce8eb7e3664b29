// SPDX-License-Identifier: Apache-2.0

/** An IP address. A v4 address within v6 (`::ffff:1.2.3.4`) is v6 here; see {@link unmapIp}. */
export interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
  /** Of IPv6, after `%`. */
  readonly zone?: string;
}

export interface Cidr {
  readonly ip: IpAddress;
  readonly prefix: number;
}

/**
 * Parses an address. `sloppy` lets octets of IPv4 have leading zeros, which are then ignored.
 *
 * @see Go net/netip.ParseAddr; k8s.io/utils/net ParseIPSloppy
 */
export function parseIp(text: string, { sloppy = false, zones = false } = {}): IpAddress | undefined {
  const percent = text.indexOf("%");
  if (percent >= 0) {
    const ip = parseIpv6(text.slice(0, percent), sloppy);
    const zone = text.slice(percent + 1);
    return zones && ip !== undefined && zone !== "" ? { ...ip, zone } : undefined;
  }
  if (text.includes(":")) return parseIpv6(text, sloppy);
  const value = parseIpv4(text, sloppy);
  return value === undefined ? undefined : { bits: 32, value };
}

/** Parses `10.0.0.0/8`. @see Go net/netip.ParsePrefix; k8s.io/utils/net ParseCIDRSloppy */
export function parseCidr(text: string, { sloppy = false } = {}): Cidr | undefined {
  const slash = text.lastIndexOf("/");
  if (slash < 0) return undefined;
  const ip = parseIp(text.slice(0, slash), { sloppy });
  const bits = text.slice(slash + 1);
  if (ip === undefined || !/^\d{1,3}$/.test(bits) || (!sloppy && bits.length > 1 && bits.startsWith("0"))) return undefined;
  const prefix = Number(bits);
  return prefix > ip.bits ? undefined : { ip, prefix };
}

/** `::ffff:1.2.3.4` → `1.2.3.4`. */
export function unmapIp(ip: IpAddress): IpAddress {
  return isMappedIp(ip) ? { bits: 32, value: ip.value & 0xffffffffn } : ip;
}

export function isMappedIp(ip: IpAddress): boolean {
  return ip.bits === 128 && ip.value >> 32n === 0xffffn;
}

/** The canonical spelling (RFC 5952). @see netip.Addr.String */
export function formatIp(ip: IpAddress): string {
  if (ip.bits === 32) return formatIpv4(ip.value);
  const zone = ip.zone === undefined ? "" : `%${ip.zone}`;
  if (isMappedIp(ip)) return `::ffff:${formatIpv4(ip.value & 0xffffffffn)}${zone}`;
  const groups = Array.from({ length: 8 }, (_, index) => Number((ip.value >> BigInt(112 - 16 * index)) & 0xffffn));
  const gap = longestZeros(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  if (gap === undefined) return hex(groups) + zone;
  return `${hex(groups.slice(0, gap.start))}::${hex(groups.slice(gap.start + gap.length))}${zone}`;
}

/** The address with all bits after the prefix cleared. */
export function maskIp(ip: IpAddress, prefix: number): IpAddress {
  const rest = BigInt(ip.bits - prefix);
  return { bits: ip.bits, value: (ip.value >> rest) << rest };
}

function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 0xffn).toString()).join(".");
}

function longestZeros(groups: readonly number[]): { start: number; length: number } | undefined {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (start + length < groups.length && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best.length > 1 ? best : undefined;
}

function parseIpv4(text: string, sloppy: boolean): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d+$/.test(part) || (!sloppy && part.length > 1 && part.startsWith("0"))) return undefined;
    const octet = Number(part);
    if (octet > 255) return undefined;
    value = (value << 8n) | BigInt(octet);
  }
  return value;
}

function parseIpv6(text: string, sloppy: boolean): IpAddress | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : groupsOf(half, sloppy)));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
  return { bits: 128, value: groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n) };
}

function groupsOf(half: string, sloppy: boolean): number[] | undefined {
  const groups: number[] = [];
  const parts = half.split(":");
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part.includes(".")) {
      const value = parseIpv4(part, sloppy);
      if (value === undefined) return undefined;
      groups.push(Number(value >> 16n), Number(value & 0xffffn));
    } else if (/^[\da-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
