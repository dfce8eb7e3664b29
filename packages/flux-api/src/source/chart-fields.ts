// SPDX-License-Identifier: Apache-2.0
import { array, boolean, oneOf, optional, string } from "@flux-ts/kube-core/schema";

/** What a HelmChart and the template of one in a HelmRelease have in common. */
export const chartFields = {
  ignoreMissingValuesFiles: optional(boolean({ description: "Skip values files that do not exist." })),
  reconcileStrategy: optional(
    oneOf(["ChartVersion", "Revision"], {
      description: "What makes a new artifact: a new version of the chart, or every new revision of a GitRepository or Bucket.",
      default: "ChartVersion",
    }),
  ),
  valuesFiles: optional(
    array(string(), { description: "Values files to merge, in this order, into the values of the chart; by default values.yaml alone." }),
  ),
  version: optional(string({ description: "Version range; without meaning for charts of a GitRepository or Bucket.", default: "*" })),
} as const;
