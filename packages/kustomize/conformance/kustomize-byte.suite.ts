// SPDX-License-Identifier: Apache-2.0
import { corpusSuite } from "./corpus.ts";
import { knownFailures } from "./kustomize-byte.known-failures.ts";

/** The corpus at the level of bytes: the very same output. */
export const suite = corpusSuite("kustomize-byte", knownFailures, (expected, actual) => expected === actual);
