// SPDX-License-Identifier: Apache-2.0

/** Addresses of IPv4 that Services are given: everything in a block but its first and last. */
export interface AddressRange {
  /** `10.96.0.0/12` */
  readonly cidr: string;
  /** How many addresses there are to give. */
  readonly size: number;
  /** The address number 1, 2 … of the block. The first is the API server's own. */
  at(number: number): string;
  /** Its number; undefined when it is not of the block, 0 or the last for those that are not given. */
  numberOf(address: string): number | undefined;
}

/** @throws {Error} when it is not a block of IPv4 between /8 and /30 */
export function addressRange(cidr: string): AddressRange {
  const [, network = "", prefixText = ""] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  const prefix = Number(prefixText);
  const base = toNumber(network);
  if (base === undefined || prefix < 8 || prefix > 30) {
    throw new Error(`Cannot give Services addresses of ${JSON.stringify(cidr)}: want a block of IPv4 from /8 to /30, such as 10.96.0.0/12`);
  }
  const count = 2 ** (32 - prefix);
  const first = base - (base % count);
  return {
    cidr,
    size: count - 2,
    at: (number) => toText(first + number),
    numberOf: (address) => {
      const value = toNumber(address);
      return value === undefined || value < first || value >= first + count ? undefined : value - first;
    },
  };
}

function toNumber(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
