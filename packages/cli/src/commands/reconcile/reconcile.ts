// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag } from "../../command.ts";
import type { KindNames } from "../kind-names.ts";
import { groupTopics } from "../kind-names.ts";
import { kindTree, spell } from "../kind-tree.ts";

const withSource: Flag = { name: "with-source", type: "bool", usage: "first reconcile what it is made from" };

const ownFlags: Readonly<Record<string, readonly Flag[]>> = {
  Kustomization: [withSource],
  HelmChart: [withSource],
  HelmRelease: [
    withSource,
    { name: "force", type: "bool", usage: "install or upgrade once, whether anything changed or not" },
    { name: "reset", type: "bool", usage: "forget how often it failed" },
  ],
};

function leaf(names: KindNames): Omit<Command, "name" | "aliases"> {
  const flags = ownFlags[names.kind];
  const words = spell("reconcile", names);
  return {
    short: `Reconcile a ${names.kind} now, and wait for the end`,
    example: `  # now\n  ${words} app${flags === undefined ? "" : `\n\n  # after what it is made from\n  ${words} app --with-source`}`,
    argumentsUsage: "NAME",
    ...(flags === undefined ? {} : { flags }),
    load: async () => (await import("./run-reconcile.ts")).reconcileKind(names.kind),
  };
}

export const reconcile: Command = {
  name: "reconcile",
  short: "Reconcile objects now",
  long: "Asks for a reconciliation outside of the interval, waits until it is done and tells what came of it.",
  children: kindTree("reconcile", leaf, (group) => ({ name: group, short: `Reconcile ${groupTopics[group]}` })),
};
