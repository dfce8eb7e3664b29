// SPDX-License-Identifier: Apache-2.0
import { knownFailures } from "./helm-charts.known-failures.ts";
import { judgeRendering, levelSuite } from "./rendering-suite.ts";

/** Real charts as `helm template` 4.2 renders them. */
export const suite = levelSuite("helm-charts", "chart", knownFailures, judgeRendering);
