// SPDX-License-Identifier: Apache-2.0

/** Scenarios that fail, each with the reason. */
export const knownFailures: Readonly<Record<string, string>> = {
  "cli-usage-errors":
    "`flux get`, `flux create source` and the like print help, whose words are our own; layout, commands and flags are as upstream's",
  "course-production-apps-prune":
    "one of the recorded events is of something that ran in the same namespace before: no commit of this scenario lacks the path that the event misses",
};
