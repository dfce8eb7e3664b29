// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { Concealed } from "./concealed.ts";

test.each([
  ["itself", "hunter2-canary", `Invalid value: "hunter2-canary"`, `Invalid value: "*****"`],
  ["other case", "hunter2-canary", "HUNTER2-canary", "*****"],
  ["base64", "hunter2-canary", "aHVudGVyMi1jYW5hcnk=", "*****"],
  ["inside a word when long", "hunter2-canary", "xhunter2-canaryx", "x*****x"],
  ["a short one as a word only", "prod", "prod-app reproduced", "*****-app reproduced"],
  ["too short to be one", "1", "1 of 1", "1 of 1"],
  ["a line of several", "BEGIN\nMIIEvQIBAD\nEND!", `got "MIIEvQIBAD"`, `got "*****"`],
  ["as quoted", `pass"word\\1`, `got "pass\\"word\\\\1"`, `got "*****"`],
  ["signs of a pattern are plain", "a.*b(c)[d]", "a.*b(c)[d] axxb", "***** axxb"],
])("a value of a Secret is hidden: %s", (_, value, text, masked) => {
  const concealed = new Concealed();
  concealed.add([value]);
  expect(concealed.text(text)).toBe(masked);
});

test("a logger tells none of the values that come later either, in errors, lists and keys", () => {
  const lines: unknown[] = [];
  const take = (message: string, fields?: unknown): void => void lines.push([message, fields]);
  const concealed = new Concealed();
  const target = { trace: take, debug: take, info: take, error: take, child: () => target };
  const log = concealed.logger(target);
  concealed.add(["hunter2-canary"]);
  log.error("of hunter2-canary", { error: new Error("is hunter2-canary"), output: { "x/hunter2-canary": ["hunter2-canary"] } });
  expect(lines).toEqual([["of *****", { error: "is *****", output: { "x/*****": ["*****"] } }]]);
});
