// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Command } from "../../command.ts";
import { find, flagsOf } from "../../find.ts";
import { root } from "../../root.ts";

const page = readFileSync(new URL("../../../../../docs/troubleshooting.md", import.meta.url), "utf8");
const commands = [...new Set([...page.matchAll(/`(flux [^`]+)`/g)].map(([, words = ""]) => words))];

test("docs/troubleshooting.md names commands", () => {
  expect(commands.length).toBeGreaterThan(10);
});

test.each(commands)("%s is a command with these flags", (words) => {
  const argv = words.split(" ").slice(1);
  const { path, rest } = find(root, argv);
  const command = path.at(-1) as Command;
  expect(command.load, `${command.name} does something`).toBeDefined();
  const known = flagsOf(path).flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
  const given = rest.filter((word) => word.startsWith("-")).map((word) => word.split("=")[0] ?? "");
  for (const flag of given) expect(known).toContain(flag);
});
