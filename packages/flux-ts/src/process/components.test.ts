// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { builtComponents, parseControllersCommand } from "./components.ts";

test("without a name all run, with names these", () => {
  expect(parseControllersCommand(["--concurrent=3"]).components).toEqual(builtComponents);
  const { components, missing, values } = parseControllersCommand(["source-controller", "--concurrent=3"]);
  expect([components, missing]).toEqual([["source-controller"], []]);
  expect(values["source-controller"].concurrent).toBe(3);
});

test("a controller that there is no code for is told, and its flags are not judged", () => {
  const { components, missing } = parseControllersCommand(["image-reflector-controller", "--gc-interval=3"]);
  expect([components, missing]).toEqual([[], ["image-reflector-controller"]]);
});

test.each([
  [["source-controller", "--concurrent-ssa=2"], "unknown flag: --concurrent-ssa"],
  [["--nope"], "unknown flag: --nope"],
  [["serve"], 'unexpected argument "serve"'],
  [["source-controller", "--feature-gates=StrictPostBuildSubstitutions=true"], "feature-gate 'StrictPostBuildSubstitutions' not supported"],
  [["constructor"], 'unexpected argument "constructor"'],
])("%j is refused", (argv, message) => {
  expect(() => parseControllersCommand(argv)).toThrow(message);
});
