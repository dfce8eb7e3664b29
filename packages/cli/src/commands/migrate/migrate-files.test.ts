// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestClock } from "@flux-ts/testbed/clock";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Io } from "../../io.ts";
import { root } from "../../root.ts";
import { runCommand } from "../../run.ts";

const OLD = "apiVersion: image.toolkit.fluxcd.io/v1beta2\nkind: ImagePolicy\nmetadata:\n  name: one # kept\n";
const NEW = OLD.replace("v1beta2", "v1");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "migrate-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function migrate(words: string, answer?: string): Promise<{ readonly code: number; readonly err: string }> {
  let err = "";
  const io: Io = {
    stdout: () => undefined,
    stderr: (text) => {
      err += text;
    },
    stdin: () => Promise.resolve(""),
    ask: (question) => {
      err += question;
      return answer === undefined ? Promise.reject(new Error("nobody is there")) : Promise.resolve(answer);
    },
    env: {},
    cwd: folder,
    home: folder,
    clock: new TestClock(),
    terminal: { isTty: false, columns: 80 },
    signal: new AbortController().signal,
  };
  return { code: await runCommand(root, ["migrate", ...words.split(" ")], io), err };
}

test("a file is migrated line by line, after an answer", async () => {
  writeFileSync(join(folder, "a.yaml"), OLD);
  expect(await migrate("-f a.yaml", "y")).toEqual({
    code: 0,
    err:
      "► starting migration of custom resources\n✚ a.yaml:1: ImagePolicy v1beta2 -> v1\n" +
      "Are you sure you want to proceed with the above upgrades? [y/N] " +
      "✔ file a.yaml migrated successfully\n✔ custom resources migrated successfully\n",
  });
  expect(readFileSync(join(folder, "a.yaml"), "utf8")).toBe(NEW);
});

test("without consent, or in a dry run, nothing is written", async () => {
  writeFileSync(join(folder, "a.yaml"), OLD);
  expect((await migrate("-f a.yaml", "n")).err).toMatch(/✗ aborting\n$/);
  expect((await migrate("-f a.yaml --dry-run")).err).toMatch(/✔ dry-run mode enabled, no changes will be made\n$/);
  expect(readFileSync(join(folder, "a.yaml"), "utf8")).toBe(OLD);
});

test("a link is refused when it is named, and left out with a warning when it is met in a folder", async () => {
  mkdirSync(join(folder, "apps"));
  writeFileSync(join(folder, "apps/a.yaml"), OLD);
  writeFileSync(join(folder, "outside.yaml"), OLD);
  symlinkSync("../outside.yaml", join(folder, "apps/link.yaml"));
  expect(await migrate("-f apps/link.yaml -y")).toEqual({
    code: 1,
    err: "► starting migration of custom resources\n✗ file apps/link.yaml is irregular\n",
  });
  expect((await migrate("-f apps -y")).err).toContain("⚠️ skipping irregular file apps/link.yaml\n");
  expect(readFileSync(join(folder, "apps/a.yaml"), "utf8")).toBe(NEW);
  expect(readFileSync(join(folder, "outside.yaml"), "utf8")).toBe(OLD);
});

test.each([
  ["-f a.json", "file a.json does not match the specified extensions: .yaml, .yml"],
  ["-f nope.yaml", "failed to stat path nope.yaml: openat nope.yaml: no such file or directory"],
  ["-f ../x", "failed to stat path ../x: open ../x: invalid argument"],
  ["-f a.json -v 1.0", "version 1.0 is not supported, supported versions are: 2.9, 2.8, 2.7, 2.6"],
])("migrate %s fails: %s", async (words, message) => {
  writeFileSync(join(folder, "a.json"), "{}");
  const { code, err } = await migrate(words);
  expect(code).toBe(1);
  expect(err).toContain(`✗ ${message}\n`);
});
