// SPDX-License-Identifier: Apache-2.0
export { knownFailures } from "./kustomize.known-failures.ts";
