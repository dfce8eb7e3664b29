// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { parsePattern } from "./pattern.ts";
import { ignoresOf } from "./source-ignore.ts";

test("version control is always left out, pictures and CI files only while the user says nothing (G-IGN-1, G-IGN-2)", () => {
  const byDefault = ignoresOf([], undefined);
  for (const path of [".gitignore", "sub/.gitattributes", "a.png", "deep/b.tar.gz", ".sops.yaml", "x/.flux.yaml"])
    expect(byDefault(path, false), path).toBe(true);
  expect(byDefault(".git", true)).toBe(true);
  expect(byDefault(".github", true)).toBe(true);
  expect(byDefault(".git", false), "the file a submodule has").toBe(false);
  expect(byDefault("a.yaml", false)).toBe(false);
  const own = ignoresOf([], "secret.yaml\n");
  expect(own("a.png", false)).toBe(false);
  expect(own(".gitignore", false)).toBe(true);
  expect(own("x/secret.yaml", false)).toBe(true);
  expect(ignoresOf([], "# a comment\n\n  \n")("a.png", false), "no pattern: the defaults hold").toBe(true);
});

test("`/*` then `!/clusters` brings back the whole folder: each path is tested by itself (G-IGN-3)", () => {
  const ignores = ignoresOf([], "/*\n!/clusters\n!/README.md");
  expect(ignores("clusters", true)).toBe(false);
  expect(ignores("clusters/prod/a.yaml", false)).toBe(false);
  expect(ignores("README.md", false)).toBe(false);
  expect(ignores("apps", true)).toBe(true);
  expect(ignores("apps/a.yaml", false)).toBe(true);
});

test("a .sourceignore has its say in its own folder, below its parents', and spec.ignore comes last", () => {
  const files = [
    { folder: "apps", text: "!keep.txt\n*.md\n" },
    { folder: "", text: "*.txt\n" },
  ];
  const ignores = ignoresOf(files, "!/apps/README.md");
  expect(ignores("a.txt", false)).toBe(true);
  expect(ignores("apps/keep.txt", false)).toBe(false);
  expect(ignores("keep.txt", false)).toBe(true);
  expect(ignores("apps/NOTES.md", false)).toBe(true);
  expect(ignores("apps/README.md", false)).toBe(false);
  expect(ignores("README.md", false)).toBe(false);
});

test.each(["(a+)+$", "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "[", "a[", "\\", "[a-", "**/[^"])(
  "the pattern %j is matched in bounded time and never fails",
  (line) => {
    const pattern = parsePattern(line);
    expect(pattern.match(["a".repeat(255), "a".repeat(255)], false)).toBe("none");
  },
);
