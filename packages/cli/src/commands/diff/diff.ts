// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";
import { buildFlags } from "../build/kustomization.ts";

const kustomization: Command = {
  name: "kustomization",
  aliases: ["ks"],
  short: "Print what a Kustomization would change",
  long: `Builds a folder as a Kustomization would, asks the API server what applying it would do, and prints that: what would be created,
changed and deleted. Nothing is written. Exit status: 0 when nothing would change, 1 when something would, 2 when it cannot be told.`,
  example: `  flux diff kustomization my-app --path ./path/to/local/manifests

  # with a Kustomization that is not in the cluster yet
  flux diff kustomization my-app --path ./path/to/local/manifests --kustomization-file ./my-app.yaml --ignore-not-found`,
  argumentsUsage: "NAME",
  completes: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" },
  flags: [
    ...buildFlags,
    { name: "progress-bar", type: "bool", default: "true", usage: "accepted for compatibility: nothing is drawn" },
    { name: "ignore-not-found", type: "bool", usage: "the Kustomization need not be in the cluster; needs --kustomization-file" },
  ],
  load: async () => (await import("./run-diff-kustomization.ts")).runDiffKustomization,
};

export const diff: Command = {
  name: "diff",
  short: "Compare with what is in the cluster",
  children: [kustomization],
};
