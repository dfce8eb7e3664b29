// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

export const helmrelease: Command = {
  name: "helmrelease",
  aliases: ["hr"],
  short: "Render a HelmRelease from files, without a cluster",
  long: `Takes a HelmRelease of a file, and prints the objects that helm-controller would release: the chart rendered with the values of
spec.valuesFrom (ConfigMaps and Secrets of the files) and spec.values, post-rendered, with the labels that the controller adds.
Values of Secrets, and texts that came from one, are masked.`,
  example: `  # a HelmRelease with the ConfigMaps and Secrets that it takes values from, and a chart on disk
  flux build helmrelease podinfo --file release.yaml,values.yaml --chart ./charts/podinfo

  # a chart that is a folder of the HelmRelease's own Git repository
  flux build helmrelease podinfo --file release.yaml --source ./checkout`,
  argumentsUsage: "NAME",
  flags: [
    { name: "file", short: "f", type: "stringSlice", usage: "files with the HelmRelease and with what it takes values from" },
    { name: "chart", type: "string", usage: "the chart: a folder or a .tgz file" },
    { name: "source", type: "string", usage: "a checkout of the source, in which spec.chart.spec.chart is a folder" },
    { name: "kube-version", type: "string", usage: "the version of Kubernetes that the chart sees" },
    { name: "api-versions", type: "stringSlice", usage: "API versions that the chart sees beside the usual ones" },
    { name: "show-secrets", type: "bool", usage: "do not mask Secrets" },
  ],
  load: async () => (await import("./run-helmrelease.ts")).runBuildHelmRelease,
};
