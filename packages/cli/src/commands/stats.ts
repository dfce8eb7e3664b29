// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../command.ts";

export const stats: Command = {
  name: "stats",
  short: "Count the objects of Flux",
  long: "Prints, for each kind, how many objects run, fail and are suspended, and how much the artifacts of sources take.",
  example: `  flux stats --namespace default

  # of the whole cluster
  flux stats -A`,
  arguments: "none",
  persistentFlags: [{ name: "all-namespaces", short: "A", type: "bool", usage: "count the objects of all namespaces" }],
  load: async () => (await import("./run-stats.ts")).runStats,
};
