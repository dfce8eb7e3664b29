// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

const kustomization: Command = {
  name: "kustomization",
  aliases: ["ks"],
  short: "Print what a Kustomization works with",
  long: `Prints the status, the history or the variables of a Kustomization. Variables may come from Secrets: mind where the output goes.`,
  example: `  flux debug kustomization podinfo --show-status

  # as lines of a .env file
  flux debug kustomization podinfo --show-vars`,
  argumentsUsage: "NAME",
  arguments: { min: 1, max: 1 },
  completes: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" },
  flags: [
    { name: "show-status", type: "bool", usage: "print the status" },
    { name: "show-vars", type: "bool", usage: "print the variables that are substituted" },
    { name: "show-history", type: "bool", usage: "print the history" },
  ],
  load: async () => (await import("./run-debug-kustomization.ts")).runDebugKustomization,
};

export const debug: Command = {
  name: "debug",
  short: "Look into what a controller works with",
  children: [kustomization],
};
