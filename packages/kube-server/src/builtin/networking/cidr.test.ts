// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { isCidr, isIp, isIpv6 } from "../core/ip-address.ts";
import { isInside } from "./cidr.ts";

describe("addresses", () => {
  test.each(["1.2.3.4", "::", "::1", "fe80::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"])("%s is one", (text) => {
    expect(isIp(text)).toBe(true);
  });
  test.each(["", "1.2.3", "1.2.3.256", "01.2.3.4", "1:2:3", "1::2::3", "1:2:3:4:5:6:7:8:9", "g::1", "1.2.3.4.5"])("%s is none", (text) => {
    expect(isIp(text)).toBe(false);
  });
  test("a range needs a length that fits", () => {
    expect(["10.0.0.0/8", "10.0.0.0/33", "10.0.0.0", "::/0", "::/129", "10.0.0.0/8/9"].map(isCidr)).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(isIpv6("1.2.3.4")).toBe(false);
  });
});

describe("isInside", () => {
  test.each([
    ["10.0.0.128/25", "10.0.0.0/24", true],
    ["10.0.0.0/24", "10.0.0.0/24", false],
    ["10.0.0.0/16", "10.0.0.0/24", false],
    ["10.0.1.0/25", "10.0.0.0/24", false],
    ["2001:db8::1/128", "2001:db8::/32", true],
    ["2001:db9::/64", "2001:db8::/32", false],
    ["10.0.0.0/25", "::/0", false],
    ["::ffff:10.0.0.1/128", "::ffff:10.0.0.0/120", true],
  ])("%s in %s: %s", (inner, outer, expected) => {
    expect(isInside(inner, outer)).toBe(expected);
  });
});
