// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createEngine } from "./engine.ts";
import { createNodeCrypto } from "./node.ts";
import { fromPlain } from "./plain.ts";
import { sprigFunctions } from "./sprig/sprig-functions.ts";

it("the example of the README gives what it says", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const code = /```ts\n([^]*?)```/.exec(readme)?.[1] ?? "";
  const [, expected = ""] = /; \/\/ (.*)\n$/.exec(code) ?? [];
  // Without imports and types, the last line's value given back.
  const body = code
    .replaceAll(/^import .*\n/gm, "")
    .replace(": number", "")
    .replace(/engine\.execute(.*); \/\/ .*\n$/, "return engine.execute$1;");
  const doors = { createEngine, createNodeCrypto, fromPlain, sprigFunctions };
  // oxlint-disable-next-line typescript/no-implied-eval -- the example is the very text of the page
  const run: unknown = new Function(...Object.keys(doors), body);
  expect(typeof run === "function" && run(...Object.values(doors))).toBe(expected);
});
