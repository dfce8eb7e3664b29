// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

export const dir: Command = {
  name: "dir",
  short: "Build a folder as kustomize-controller builds it",
  long: `Prints the objects that a Kustomization with this folder as its path would apply: kustomize with the controller's options, and
a kustomization.yaml made up for folders that have none. Nothing is read from a cluster.`,
  example: `  # a folder of this checkout; paths may not leave the current folder
  flux build dir ./apps/lab

  # with variables, as spec.postBuild.substitute has them
  flux build dir ./apps/lab --substitute cluster_name=lab --strict-substitute`,
  argumentsUsage: "DIRECTORY",
  arguments: { min: 1, max: 1 },
  flags: [
    { name: "root", type: "string", default: ".", usage: "the root of the source: what paths may not leave" },
    { name: "target-namespace", type: "string", usage: "put every namespaced object there" },
    { name: "name-prefix", type: "string", usage: "put this before every name" },
    { name: "name-suffix", type: "string", usage: "put this after every name" },
    { name: "substitute", type: "stringArray", usage: "a variable to fill in, NAME=VALUE; may be repeated" },
    { name: "explain", type: "bool", usage: "print in front of each line the file and line that it comes from" },
    { name: "strict-substitute", type: "bool", usage: "fail on a variable that has neither value nor default" },
  ],
  load: async () => (await import("./run-dir.ts")).runBuildDir,
};
