// SPDX-License-Identifier: Apache-2.0
import { expand } from "@flux-ts/toolkit/substitute";
import type { Run } from "../command.ts";

export const runEnvsubst: Run = async ({ flags, io }) => {
  const text = await io.stdin();
  const variables = new Map(Object.entries(io.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  // Line by line, as upstream: a variable never spans lines, and each line ends in a newline, the last one too.
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (text !== "") io.stdout(lines.map((line) => `${expand(line, variables, { strict: flags.bool("strict") })}\n`).join(""));
};
