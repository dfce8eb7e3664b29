// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { decodeContinue, encodeContinue } from "./continue-token.ts";

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("a continue token", () => {
  test("comes back as it was given out", () => {
    expect(decodeContinue(encodeContinue({ revision: 12, afterKey: "default/a" }))).toEqual({ revision: 12, afterKey: "default/a" });
  });

  test.each([
    ["not base64", "a+b", /illegal base64 data at input byte 1/],
    ["no JSON", Buffer.from("what?").toString("base64url"), /continue key is not valid/],
    ["another version", encoded({ v: "v9", rv: 1, start: "a" }), /does not recognize this encoded version "v9"/],
    ["no revision", encoded({ v: "meta.k8s.io/v1", start: "a" }), /incorrect encoded start resourceVersion/],
    ["no start", encoded({ v: "meta.k8s.io/v1", rv: 1 }), /encoded start key empty/],
    ["a start above the prefix", encoded({ v: "meta.k8s.io/v1", rv: 1, start: "../secrets/a" }), /encoded start key empty/],
  ])("that no list gave out is refused: %s", (_why, token, message) => {
    expect(() => decodeContinue(token)).toThrow(message);
  });
});
