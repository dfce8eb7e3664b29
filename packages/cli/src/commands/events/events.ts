// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

export const events: Command = {
  name: "events",
  short: "Print what happened to objects of Flux",
  long: `Prints the events of objects of Flux, oldest first. Those --for an object include the events of what it is made from: the source of
a Kustomization, the chart and its repository of a HelmRelease.`,
  example: `  flux events -n default

  # of one object, and of its source
  flux events --for Kustomization/podinfo

  # as they come, of all namespaces
  flux events -A --watch --types warning`,
  flags: [
    { name: "all-namespaces", short: "A", type: "bool", usage: "events of all namespaces" },
    { name: "watch", short: "w", type: "bool", usage: "go on printing events as they come" },
    { name: "for", type: "string", usage: "only those of a KIND, or of one object: KIND/NAME" },
    { name: "types", type: "stringSlice", usage: "only these types: Normal, Warning" },
  ],
  load: async () => (await import("./run-events.ts")).runEvents,
};
