// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { array, boolean, duration, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age, column, ready, status } from "../columns.ts";
import { SOURCE_GROUP } from "../metadata.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";
import { artifact } from "./artifact.ts";
import { chartFields } from "./chart-fields.ts";
import { sourceReasons } from "./reasons.ts";
import { verification } from "./verification.ts";

/** A chart of a HelmRepository, or a folder of another source that is one. */
export const HelmChart = defineKind({
  group: SOURCE_GROUP,
  version: "v1",
  kind: "HelmChart",
  plural: "helmcharts",
  shortNames: ["hc"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  description: "A Helm chart, pulled from a repository or packaged from the folder of another source.",
  spec: object(
    {
      ...chartFields,
      chart: string({ description: "Name of the chart, or its folder in a GitRepository or Bucket." }),
      interval: duration({ description: "How often to look for changes, give or take some jitter." }),
      sourceRef: object(
        {
          apiVersion: optional(string({ description: "API version of the source." })),
          kind: oneOf(["HelmRepository", "GitRepository", "Bucket"], { description: "Kind of the source." }),
          name: string({ description: "Name of the source." }),
        },
        { description: "Where the chart is, in the same namespace." },
      ),
      suspend: optional(boolean({ description: "Stop reconciling." })),
      verify: optional(verification),
    },
    {
      description: "Which chart to take, and from where.",
      rules: [
        {
          rule: "!has(self.verify) || self.sourceRef.kind == 'HelmRepository'",
          message: "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'",
        },
      ],
    },
  ),
  status: object(
    {
      ...commonStatus,
      artifact: optional(artifact("The chart of the last successful reconciliation.")),
      observedChartName: optional(string({ description: "Name of the chart in its Chart.yaml." })),
      observedSourceArtifactRevision: optional(string({ description: "Revision of the source that the chart is from." })),
      observedValuesFiles: optional(array(string(), { description: "The values files that were merged." })),
      url: optional(string({ description: "Where the latest chart can be downloaded." })),
    },
    { description: "What was pulled or packaged.", default: UNOBSERVED },
  ),
  columns: [
    column("Chart", ".spec.chart"),
    column("Version", ".spec.version"),
    column("Source Kind", ".spec.sourceRef.kind"),
    column("Source Name", ".spec.sourceRef.name"),
    age,
    ready,
    status,
  ],
  reasons: {
    ...sourceReasons,
    ChartPullSucceeded: "The chart was pulled from its repository.",
    ChartPackageSucceeded: "The chart was packaged.",
    ResolvedDependencies: "The charts that it depends on were found.",
    NoSourceArtifact: "The source has no artifact yet; wait, or look at its status.",
    SourceUnavailable: { description: "The source does not exist, or is not ready; look at it.", condition: "FetchFailed" },
    UnsupportedSourceKind: {
      description: "A chart cannot come from this kind of source; correct spec.sourceRef.",
      condition: "FetchFailed",
    },
    InvalidChartReference: { description: "No such chart or version; correct spec.chart and spec.version.", condition: "FetchFailed" },
    ChartPullError: { description: "The chart could not be pulled; the message says why.", condition: "FetchFailed" },
    Unknown: { description: "Fetching the chart failed; the message says why.", condition: "FetchFailed" },
    MetadataPatchError: { description: "The version of the chart could not be changed; correct its Chart.yaml.", condition: "BuildFailed" },
    ValuesFilesError: { description: "A values file is missing or not valid; correct spec.valuesFiles.", condition: "BuildFailed" },
    DependencyBuildError: { description: "A chart that it depends on could not be got; check its repository.", condition: "BuildFailed" },
    ChartPackageError: { description: "The chart could not be packaged; the message says why.", condition: "BuildFailed" },
    ChartVerificationError: { description: "The signature is missing or not trusted.", condition: "BuildFailed" },
    VerificationError: "The signature is missing or not trusted; check what was pushed, and the keys of spec.verify.",
  },
});
export type HelmChart = ObjectOf<typeof HelmChart>;
