// SPDX-License-Identifier: Apache-2.0
// `npm test` on a machine that has Node and git and little else: what needs more is skipped by name, and nothing fails for it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "./lab-process.ts";

const files = [
  "packages/toolkit/src/git/transport.test.ts",
  "packages/toolkit/conformance/git-clone.test.ts",
  "packages/kube-server/src/front/kubectl.test.ts",
];

/** A PATH with these programs alone. */
function pathWith(...programs: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "few-programs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const program of programs)
    symlinkSync(execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim(), join(folder, program));
  symlinkSync(process.execPath, join(folder, "node"));
  return folder;
}

test("without ssh, kubectl and the recorded cases the tests that need them are skipped by name, and the status is 0", () => {
  const env = { PATH: pathWith("git", "sh", "cat"), HOME: tmpdir(), TMPDIR: tmpdir(), CONFORMANCE: join(tmpdir(), "nowhere") };
  const run = (more: NodeJS.ProcessEnv): { readonly status: number | null; readonly stdout: string } =>
    spawnSync(process.execPath, [join(root, "tools/test.mjs"), ...files, "--maxWorkers=1"], {
      cwd: root,
      env: { ...env, ...more },
      encoding: "utf8",
    });
  const { status, stdout } = run({});
  expect(stdout).toMatch(/\n\d+ passed, 0 failed, \d\d skipped\n$/);
  for (const file of files) expect(stdout).toContain(`  ${file} > `);
  expect(stdout).toContain("transport.test.ts > over SSH a quote in the path stays in the path");
  expect(status).toBe(0);
  // Where all of it is to be there a skip is a failure.
  expect(run({ CI: "true" })).toMatchObject({ status: 1, stdout: expect.stringContaining("CI: nothing may be skipped here") as string });
}, 120_000);
