// SPDX-License-Identifier: Apache-2.0
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { generateSshKey } from "./git-server-ssh.ts";

test("every key can be read: a server or client with one that cannot would fail now and then", () => {
  // Of keys as the library makes them about one in two hundred cannot.
  const failures = Array.from({ length: 800 }, () => ssh2.utils.parseKey(generateSshKey("ed25519"))).filter((key) => key instanceof Error);
  expect(failures).toEqual([]);
});
