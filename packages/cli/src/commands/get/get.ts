// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

function kindCommand(name: string, aliases: readonly string[], kind: string, what: string): Command {
  return {
    name,
    aliases,
    short: `Print ${what}`,
    example: `  # all in one namespace
  flux get ${kind === "GitRepository" ? "sources " : ""}${name} --namespace=flux-system

  # those that are not ready, anywhere
  flux get ${kind === "GitRepository" ? "sources " : ""}${name} --all-namespaces --status-selector ready=false`,
    argumentsUsage: "[NAME]",
    arguments: { min: 0, max: 1 },
    load: async () => (await import("./run-get.ts")).getKind(kind),
  };
}

export const get: Command = {
  name: "get",
  short: "Print sources and what is applied from them, and whether they are ready",
  persistentFlags: [
    { name: "all-namespaces", short: "A", type: "bool", usage: "of all namespaces" },
    { name: "label-selector", short: "l", type: "string", usage: "only those with these labels, e.g. app=web,tier!=test" },
    { name: "no-header", type: "bool", usage: "without the names of the columns" },
    { name: "status-selector", type: "string", usage: "only those with this condition, e.g. ready=false" },
  ],
  children: [
    kindCommand("kustomizations", ["ks", "kustomization"], "Kustomization", "Kustomizations"),
    {
      name: "sources",
      aliases: ["source"],
      short: "Print sources",
      children: [kindCommand("git", [], "GitRepository", "GitRepositories")],
    },
  ],
};
