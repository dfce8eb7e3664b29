// SPDX-License-Identifier: Apache-2.0

const oneSummary =
  "The case makes a second condition beside Ready out of others. No kind of Flux does, and a controller here declares one summary.";

export const knownFailures: Readonly<Record<string, string>> = {
  "pkg/runtime/features:TestEnabled/supported features not set":
    "Upstream's gates are a global that may be read before it is set; ours are a value that exists only after parsing, so the state of this case cannot be reached.",
  "source-controller/internal/reconcile/summarize:TestSummarizeAndPatch/Success, multiple target conditions summary": oneSummary,
  "source-controller/internal/reconcile/summarize:TestSummarizeAndPatch/Success, multiple target conditions, False non-Ready summary don't affect result":
    oneSummary,
};
