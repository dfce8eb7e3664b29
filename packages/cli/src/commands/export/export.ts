// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";
import { groupTopics } from "../kind-names.ts";
import { kindTree, spell } from "../kind-tree.ts";

export const exportCommand: Command = {
  name: "export",
  short: "Print objects as manifests",
  long: "Prints objects as YAML that can be committed and applied: without status and without what the server keeps.",
  persistentFlags: [{ name: "all", type: "bool", usage: "every object of the kind in the namespace" }],
  children: kindTree(
    "export",
    (names) => ({
      short: `Print ${names.kind} objects as manifests`,
      example: `  # all of a namespace\n  ${spell("export", names)} --all > all.yaml\n\n  # one\n  ${spell("export", names)} app > app.yaml`,
      argumentsUsage: "[NAME]",
      load: async () => (await import("./run-export.ts")).exportKind(names.kind),
    }),
    (group) => ({
      name: group,
      short: `Print ${groupTopics[group]} as manifests`,
      ...(group === "source"
        ? { persistentFlags: [{ name: "with-credentials", type: "bool", usage: "print the Secret with the credentials too" }] }
        : {}),
    }),
  ),
};
