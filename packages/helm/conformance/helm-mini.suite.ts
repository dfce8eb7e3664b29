// SPDX-License-Identifier: Apache-2.0
import { knownFailures } from "./helm-mini.known-failures.ts";
import { judgeRendering, levelSuite } from "./rendering-suite.ts";

/** Small charts, each about one thing of loading, values, dependencies, schemas, hooks or order. */
export const suite = levelSuite("helm-mini", "mini", knownFailures, judgeRendering);
