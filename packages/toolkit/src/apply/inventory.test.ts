// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { inventoryOf, listInventory, mergeInventory, staleOf } from "./inventory.ts";

const one = { id: "apps_one__ConfigMap", v: "v1" };
const two = { id: "apps_two__ConfigMap", v: "v1" };
const web = { id: "apps_web_apps_Deployment", v: "v1" };

test("stale is what was there and is not any more, in apply order (G-PRN-1)", () => {
  expect(staleOf([web, two, one], [one]).map(({ id }) => `${id.kind}/${id.name}`)).toEqual(["ConfigMap/two", "Deployment/web"]);
  expect(staleOf([one], [one, two])).toEqual([]);
});

test("another version of the same kind is the same object", () => {
  expect(staleOf([{ ...web, v: "v1beta1" }], [web])).toEqual([]);
});

test("what could not be deleted is kept once (G-PRN-3)", () => {
  const owned = listInventory([two]);
  expect(mergeInventory(mergeInventory([one], owned), owned)).toEqual([one, two]);
});

test("an inventory has everything that was looked at, skipped objects too (G-SSA-6)", () => {
  const change = { ...listInventory([one])[0], action: "skipped" as const };
  expect(inventoryOf([change as Parameters<typeof inventoryOf>[0][number]])).toEqual([one]);
});
