// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";
import type { KindGroup, KindNames } from "../kind-names.ts";
import { groupTopics } from "../kind-names.ts";
import { kindTree, spell } from "../kind-tree.ts";

function leaf(names: KindNames): Omit<Command, "name" | "aliases"> {
  const words = spell("get", names);
  const hasSource = names.kind === "Kustomization" || names.kind === "HelmRelease";
  return {
    short: `Print ${names.kind} objects and whether they are ready`,
    example: `  # all in one namespace
  ${words} --namespace=flux-system

  # those that are not ready, anywhere
  ${words} --all-namespaces --status-selector ready=false`,
    argumentsUsage: "[NAME]",
    ...(hasSource ? { flags: [{ name: "show-source", type: "bool", usage: "print what each is made from" }] } : {}),
    load: async () => (await import("./run-get.ts")).getKind(names.kind),
  };
}

function all(name: string, about: string, groups: readonly KindGroup[] | undefined): Command {
  return {
    name,
    short: `Print all ${about}`,
    load: async () => (await import("./run-get-all.ts")).getAll(groups),
  };
}

export const get: Command = {
  name: "get",
  short: "Print objects of Flux, and whether they are ready",
  persistentFlags: [
    { name: "all-namespaces", short: "A", type: "bool", usage: "of all namespaces" },
    { name: "label-selector", short: "l", type: "string", usage: "only those with these labels, e.g. app=web,tier" },
    { name: "no-header", type: "bool", usage: "without the names of the columns" },
    {
      name: "output",
      short: "o",
      type: "string",
      choices: ["wide", "json", "yaml", "name"],
      usage: "wide: more columns; json, yaml: the objects; name: their names alone",
    },
    { name: "status-selector", type: "string", usage: "only those with this condition, e.g. ready=false or ready!=true" },
    { name: "watch", short: "w", type: "bool", usage: "go on, printing what changes" },
  ],
  children: [
    all("all", "objects of Flux", undefined),
    ...kindTree("get", leaf, (group) => ({
      name: `${group}s`,
      aliases: [group],
      short: `Print ${groupTopics[group]}, and whether they are ready`,
      ...(group === "artifact" ? {} : { children: [all("all", groupTopics[group], [group])] }),
    })),
  ],
};
