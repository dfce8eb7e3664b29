// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { render } from "../conformance/render-case.ts";
import { builtins } from "./execute/builtins.ts";
import { helmFunctions } from "./helm/helm-functions.ts";
import { sprigFunctions } from "./sprig/sprig-functions.ts";

/** The rows of the page: function, example, what it gives. */
const rows = readFileSync(new URL("../FUNCTIONS.md", import.meta.url), "utf8")
  .split("\n")
  .map((line) => /^\| `(\w+)` \| `(.*)` \| `(.*)` \|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, name = "", example = "", gives = ""]) => [name, example.replaceAll("\\|", "|"), gives.replaceAll("\\|", "|")] as const);

describe("FUNCTIONS.md", () => {
  it.each(rows)("%s: its example gives what the page says", (_name, example, gives) => {
    expect(render(example)).toBe(gives);
  });

  it("has every function, and no other", () => {
    const ports = { stringifyYaml: String, stringifyYamlPretty: String, parseYaml: String };
    const all = [
      ...builtins().keys(),
      ...sprigFunctions({ now: () => 0n, random: (count) => new Uint8Array(count) }).keys(),
      ...helmFunctions(ports).keys(),
    ];
    expect(rows.map(([name]) => name).toSorted()).toEqual([...new Set(all)].toSorted());
  });
});
