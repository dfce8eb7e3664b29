// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { localEnvironment } from "./git-environment.ts";
import { runGit } from "./git-process.ts";

const env = localEnvironment({ path: process.env["PATH"] ?? "", folder: tmpdir() });

test.skipIf(process.platform === "win32")(
  "the kernel holds a process and its helpers to the size of a file that they may write (B9)",
  async () => {
    // An alias of git runs a shell as its helper, in which the limits can be seen.
    const limits = ["-c", "alias.limits=!ulimit -f; ulimit -v", "limits"];
    const told = async (maxFileBytes?: number): Promise<readonly string[]> => {
      const options = { env, maxOutputBytes: 1024, ...(maxFileBytes === undefined ? {} : { maxFileBytes }) };
      return (await runGit(tmpdir(), limits, options)).toString("utf8").trim().split("\n");
    };
    const [blocks, addressKiB] = await told(1024 * 1024);
    expect(blocks).toBe("2048");
    if (process.platform === "linux") expect(addressKiB).toBe(String(4 * 1024 * 1024));
    expect((await told())[0], "of a process that is not held").not.toBe("2048");
  },
);

test("words of a command reach git as they are, whatever a shell would make of them", async () => {
  const words = ["$(id)", "a b", "'\"", "`id`", "*", ""];
  const printed = await runGit(tmpdir(), ["-c", `alias.words=!printf '<%s>' "$@"; :`, "words", ...words], {
    env,
    maxOutputBytes: 1024,
    maxFileBytes: 1024,
  });
  expect(printed.toString("utf8")).toContain(words.map((word) => `<${word}>`).join(""));
});
