// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";
import { groupTopics } from "../kind-names.ts";
import { kindTree, spell } from "../kind-tree.ts";

export const deleteCommand: Command = {
  name: "delete",
  short: "Delete objects of Flux",
  persistentFlags: [{ name: "silent", short: "s", type: "bool", usage: "do not ask whether it is meant" }],
  children: kindTree(
    "delete",
    (names) => ({
      short: `Delete a ${names.kind}`,
      example: `  ${spell("delete", names)} app --silent`,
      argumentsUsage: "NAME",
      load: async () => (await import("./run-delete.ts")).deleteKind(names.kind),
    }),
    (group) => ({ name: group, short: `Delete ${groupTopics[group]}` }),
  ),
};
