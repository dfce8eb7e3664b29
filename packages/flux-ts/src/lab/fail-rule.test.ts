// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { parseFailRule } from "./fail-rule.ts";

test.each([
  ["image=podinfo", { imageContains: "podinfo", outcome: "image-pull-error" }],
  [
    "image=worker:1.2, outcome=crash-loop,exit-code=3,after=1m30s",
    { imageContains: "worker:1.2", outcome: "crash-loop", exitCode: 3, afterMs: 90_000 },
  ],
  [
    "namespace=web,label=app=api,label=tier=front,outcome=never-ready",
    { namespace: "web", labels: { app: "api", tier: "front" }, outcome: "never-ready" },
  ],
])("--fail %s", (text, rule) => {
  expect(parseFailRule(text)).toEqual(rule);
});

test.each([
  ["", '"" has no value'],
  ["podinfo", '"podinfo" has no value'],
  ["outcome=crash-loop", "it does not say which pods"],
  ["image=a,outcome=explode", "outcome is one of"],
  ["image=a,colour=red", 'not "colour"'],
  ["image=a,after=soon", "invalid duration"],
  ["image=a,exit-code=-1", "exit-code is a number from 0 to 255"],
  ["label=app", "a label is KEY=VALUE"],
  ["image=a,__proto__=x", 'not "__proto__"'],
])("--fail %j is refused with an example", (text, why) => {
  expect(() => parseFailRule(text)).toThrow(why);
  expect(() => parseFailRule(text)).toThrow("--fail 'image=podinfo'");
});
