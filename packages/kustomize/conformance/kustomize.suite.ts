// SPDX-License-Identifier: Apache-2.0
import { corpusSuite, isSameData } from "./corpus.ts";
import { knownFailures } from "./kustomize.known-failures.ts";

/** The corpus at the level of data: the same documents in the same order. */
export const suite = corpusSuite("kustomize", knownFailures, isSameData);
