// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag } from "../../command.ts";

/** What building and comparing a Kustomization have in common. */
export const buildFlags: readonly Flag[] = [
  { name: "path", type: "string", usage: "the folder that is built: what spec.path names, in a checkout of the source" },
  { name: "kustomization-file", type: "string", usage: "file with the Kustomization, in place of the one in the cluster" },
  { name: "ignore-paths", type: "stringSlice", usage: "paths to leave out, as patterns of .gitignore" },
  { name: "strict-substitute", type: "bool", usage: "fail on a variable that has neither value nor default" },
  { name: "recursive", short: "r", type: "bool", usage: "go on with the Kustomizations that are found" },
  {
    name: "local-sources",
    type: "stringSlice",
    typeLabel: "stringToString",
    usage: "checkouts of sources, KIND/NAMESPACE/NAME=PATH, separated by commas",
  },
  {
    name: "in-memory-build",
    type: "bool",
    usage: "read nothing outside the current folder (no build writes into the folder that it reads)",
  },
];

export const kustomization: Command = {
  name: "kustomization",
  aliases: ["ks"],
  short: "Build a folder as a Kustomization of the cluster would",
  long: `Takes a Kustomization of the cluster, or of a file, and prints the objects that it would apply if its source held the folder at
--path: patches, images, target namespace, variables and common metadata included. Values that SOPS encrypted are masked.`,
  example: `  # with the Kustomization that is in the cluster
  flux build kustomization my-app --path ./path/to/local/manifests

  # with a Kustomization that is not there yet
  flux build kustomization my-app --path ./path/to/local/manifests --kustomization-file ./path/to/local/my-app.yaml

  # without a cluster; variables of Secrets and ConfigMaps stay as they are
  flux build kustomization my-app --path ./path/to/local/manifests --kustomization-file ./path/to/local/my-app.yaml --dry-run`,
  argumentsUsage: "NAME",
  completes: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" },
  flags: [
    ...buildFlags,
    { name: "dry-run", type: "bool", usage: "ask no cluster; needs --kustomization-file" },
    { name: "explain", type: "bool", usage: "print in front of each line the file and line that it comes from" },
  ],
  load: async () => (await import("./run-kustomization.ts")).runBuildKustomization,
};
