// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../command.ts";

export const version: Command = {
  name: "version",
  short: "Print the versions of this command and of the controllers",
  example: "  flux version --client",
  flags: [
    { name: "client", type: "bool", usage: "only this command's own version" },
    { name: "output", short: "o", type: "string", default: "yaml", usage: "how to print it: yaml or json" },
  ],
  load: async () => (await import("./run-version.ts")).runVersion,
};
