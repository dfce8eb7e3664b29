// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../command.ts";

function shell(name: string, example: string): Command {
  return {
    name,
    short: `Print the completion script for ${name}`,
    example: `  ${example}`,
    load: async () => (await import("./run-completion.ts")).completionFor(name),
  };
}

export const completion: Command = {
  name: "completion",
  short: "Print a script that completes commands, flags and names in a shell",
  children: [
    shell("bash", "source <(flux completion bash)"),
    shell("zsh", "source <(flux completion zsh)"),
    shell("fish", "flux completion fish | source"),
    shell("powershell", "flux completion powershell | Out-String | Invoke-Expression"),
  ],
};
