// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../command.ts";

export const envsubst: Command = {
  name: "envsubst",
  short: "Fill in the variables of a text",
  long: "Reads standard input, fills in ${variables} from the environment as the post-build step of a Kustomization does, and prints the result.",
  example: `  # a default for what is not set
  echo 'cluster: \${cluster:=lab}' | flux envsubst

  # every variable must have a value or a default
  kustomize build ./apps/lab | cluster=lab flux envsubst --strict`,
  arguments: "none",
  flags: [{ name: "strict", type: "bool", usage: "fail on a variable that has neither value nor default" }],
  load: async () => (await import("./run-envsubst.ts")).runEnvsubst,
};
