// SPDX-License-Identifier: Apache-2.0
import type { Run } from "../command.ts";
import { CommandError } from "../command.ts";
import { VERSION } from "../version-text.ts";

export const runVersion: Run = async ({ flags, io }) => {
  if (!flags.bool("client")) {
    throw new CommandError("the versions of the controllers in a cluster cannot be read yet: use --client for this command's own version");
  }
  const text = `v${VERSION}`;
  io.stdout(flags.string("output") === "json" ? `${JSON.stringify({ flux: text }, null, 2)}\n` : `flux: ${text}\n`);
};
