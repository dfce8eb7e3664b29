// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

export const check: Command = {
  name: "check",
  short: "Check the cluster and the installation",
  long: "Tells whether the cluster is one that Flux runs on, and whether its controllers and definitions are as they should be.",
  example: `  # before an installation
  flux check --pre

  flux check`,
  arguments: "none",
  flags: [
    { name: "pre", type: "bool", usage: "only what an installation needs" },
    {
      name: "components",
      type: "stringSlice",
      default: "source-controller,kustomize-controller,helm-controller,notification-controller",
      usage: "accepted for compatibility: the controllers that are found are checked",
    },
    { name: "components-extra", type: "stringSlice", usage: "accepted for compatibility, like --components" },
    { name: "poll-interval", type: "duration", default: "5s", usage: "accepted for compatibility: controllers are watched" },
  ],
  load: async () => (await import("./run-check.ts")).runCheck,
};
