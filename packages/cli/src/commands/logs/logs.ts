// SPDX-License-Identifier: Apache-2.0
import { logLevel } from "../../choice.ts";
import type { Command } from "../../command.ts";

export const logs: Command = {
  name: "logs",
  short: "Print what the controllers log",
  long: "Prints the logs of the controllers of Flux, one line for each entry, about the objects that are asked for.",
  example: `  flux logs --all-namespaces

  # of the last two minutes
  flux logs --all-namespaces --since=2m

  # as they come, errors only
  flux logs --follow --level=error --all-namespaces

  # about one object
  flux logs --kind=Kustomization --name=podinfo --namespace=default`,
  flags: [
    logLevel("level", "only entries of this level: debug, info or error"),
    { name: "kind", type: "string", usage: "only about objects of this kind" },
    { name: "name", type: "string", usage: "only about the objects with this name" },
    { name: "follow", short: "f", type: "bool", usage: "go on printing entries as they come" },
    { name: "tail", type: "int", default: "-1", usage: "how many of the latest lines to read of each controller" },
    { name: "flux-namespace", type: "string", default: "flux-system", usage: "the namespace of the controllers" },
    { name: "all-namespaces", short: "A", type: "bool", usage: "about the objects of all namespaces" },
    { name: "since", type: "duration", default: "0s", usage: "only entries that are not older" },
    { name: "since-time", type: "string", usage: "only entries after this time (RFC 3339)" },
  ],
  load: async () => (await import("./run-logs.ts")).runLogs,
};
