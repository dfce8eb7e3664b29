// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";
import { groupTopics } from "../kind-names.ts";
import { kindTree, spell } from "../kind-tree.ts";

export const resume: Command = {
  name: "resume",
  short: "Go on with the reconciliation of suspended objects",
  long: "Resumes objects, and waits for the reconciliation of one; of several only with --wait.",
  persistentFlags: [
    { name: "all", type: "bool", usage: "every object of the kind in the namespace" },
    { name: "wait", type: "bool", usage: "wait for the reconciliation of every object" },
  ],
  children: kindTree(
    "resume",
    (names) => ({
      short: `Resume ${names.kind} objects`,
      example: `  # one, and wait for it\n  ${spell("resume", names)} app\n\n  # several, without waiting\n  ${spell("resume", names)} app web`,
      argumentsUsage: "[NAME…]",
      load: async () => (await import("./run-resume.ts")).resumeKind(names.kind),
    }),
    (group) => ({ name: group, short: `Resume ${groupTopics[group]}` }),
  ),
};
