// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { addressRange } from "./address-range.ts";

test("a range counts its addresses, whatever address of it names it", () => {
  const range = addressRange("10.96.7.1/12");
  expect([range.size, range.at(1), range.at(256), range.at(range.size)]).toEqual([1_048_574, "10.96.0.1", "10.96.1.0", "10.111.255.254"]);
  expect(range.numberOf("10.97.0.0")).toBe(65_536);
  expect(["10.112.0.0", "10.95.255.255", "10.96.0", "a.b.c.d", "::1"].map(range.numberOf)).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test.each(["10.0.0.0", "10.0.0.0/31", "10.0.0.0/7", "300.0.0.0/24", "fd00::/112"])("%s is no range for Services", (cidr) => {
  expect(() => addressRange(cidr)).toThrow("10.96.0.0/12");
});
