// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

export const explain: Command = {
  name: "explain",
  short: "Find out why an object is not as it should be",
  long: `Walks from the source of an object over artifact, build, dependencies, apply and health to pods and their events, and prints the
way to the one thing that is to be mended: which object, what it says, the file where it is written, and the command to run next.
What else is wrong stands below. Takes objects of Flux, and what they applied: Deployments, Pods and any other kind, also when it is
not there.

Only reads, and of Secrets and ConfigMaps only their names. Ends with 1 when the object is not there, otherwise with 0: what is wrong
is in the field state of the JSON (ok, waiting or failed).`,
  example: `  # why is it not ready?
  flux explain kustomization/apps

  # with the file and line, from a checkout of its source
  flux explain kustomization/apps --path ./fleet-infra

  # a workload: itself first, then what applied it
  flux explain deployment/web -n production

  # for a script
  flux explain helmrelease/redis -n production -o json`,
  argumentsUsage: "KIND/NAME",
  flags: [
    { name: "output", short: "o", type: "string", default: "text", choices: ["text", "json"], usage: "how to print the explanation" },
    { name: "path", type: "string", usage: "a checkout of the source, to tell files and lines" },
    {
      name: "local-sources",
      type: "stringSlice",
      typeLabel: "stringToString",
      usage: "checkouts of further sources, KIND/NAMESPACE/NAME=PATH, separated by commas",
    },
  ],
  load: async () => (await import("./run-explain.ts")).runExplain,
};
