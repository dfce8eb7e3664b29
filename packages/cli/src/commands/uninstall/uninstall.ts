// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

export const uninstall: Command = {
  name: "uninstall",
  short: "Remove Flux and its objects",
  long: "Deletes the controllers and definitions of Flux, and with these all of its objects. What these applied stays.",
  example: `  flux uninstall --namespace=flux-system

  # the namespace stays
  flux uninstall --namespace=infra --keep-namespace=true`,
  arguments: "none",
  flags: [
    { name: "keep-namespace", type: "bool", usage: "leave the namespace" },
    { name: "dry-run", type: "bool", usage: "only print what would be deleted" },
    { name: "silent", short: "s", type: "bool", usage: "do not ask" },
  ],
  load: async () => (await import("./run-uninstall.ts")).runUninstall,
};
