// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";
import { groupTopics } from "../kind-names.ts";
import { kindTree, spell } from "../kind-tree.ts";

export const suspend: Command = {
  name: "suspend",
  short: "Stop the reconciliation of objects",
  long: "Suspended objects stay as they are, and what they have made stays too, until they are resumed.",
  persistentFlags: [{ name: "all", type: "bool", usage: "every object of the kind in the namespace" }],
  children: kindTree(
    "suspend",
    (names) => ({
      short: `Suspend ${names.kind} objects`,
      example: `  # one\n  ${spell("suspend", names)} app\n\n  # all of a namespace\n  ${spell("suspend", names)} --all --namespace=web`,
      argumentsUsage: "[NAME…]",
      load: async () => (await import("./run-suspend.ts")).suspendKind(names.kind),
    }),
    (group) => ({ name: group, short: `Suspend ${groupTopics[group]}` }),
  ),
};
