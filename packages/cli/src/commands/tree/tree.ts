// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag } from "../../command.ts";

const output: Flag = { name: "output", short: "o", type: "string", usage: "print json or yaml in place of a drawing" };

const kustomization: Command = {
  name: "kustomization",
  aliases: ["ks", "kustomization"],
  short: "Print what a Kustomization manages",
  long: "Prints the inventory of a Kustomization, with that of each Kustomization and HelmRelease in it.",
  example: `  flux tree kustomization flux-system

  # objects of Flux only
  flux tree kustomization flux-system --compact`,
  argumentsUsage: "NAME",
  completes: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" },
  flags: [{ name: "compact", type: "bool", usage: "objects of Flux only" }, output],
  load: async () => (await import("./run-tree-kustomization.ts")).runTreeKustomization,
};

const generator: Command = {
  name: "generator",
  short: "Print the artifacts of an ArtifactGenerator",
  example: "  flux tree artifact generator my-generator",
  argumentsUsage: "NAME",
  arguments: { min: 1, max: 1 },
  completes: { apiVersion: "source.extensions.fluxcd.io/v1beta1", kind: "ArtifactGenerator" },
  flags: [output],
  load: async () => (await import("./run-tree-generator.ts")).runTreeGenerator,
};

export const tree: Command = {
  name: "tree",
  short: "Print what objects manage, as a tree",
  children: [kustomization, { name: "artifact", short: "Print what artifact objects manage", children: [generator] }],
};
