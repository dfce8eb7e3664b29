// SPDX-License-Identifier: Apache-2.0
export const knownFailures: Readonly<Record<string, string>> = {
  "pkg/ssa/normalize:TestFromUnstructuredWithScheme/unrecognized Deployment":
    "the case passes a scheme that knows no kinds; ours is a fixed table of the built-in kinds, which is all that Flux itself passes",
};
