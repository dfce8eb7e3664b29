// SPDX-License-Identifier: Apache-2.0

/** Scenarios that fail, each with its reason. */
export const knownFailures: Readonly<Record<string, string>> = {
  "discovery-health": "Health checks are told under the names of this server's own checks, not of kube-apiserver's post-start hooks.",
  "discovery-root": "The root lists only paths that this server answers: no metrics, logs, or single post-start hooks.",
  "ssa-list-job-pfp": "The message of an immutable field shows a list as nil that was emptied.",
  "write-status-pvc":
    "A write that changes nothing gives no new resourceVersion here; kube-apiserver gives one for a claim's ignored status.",
};
