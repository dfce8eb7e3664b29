// SPDX-License-Identifier: Apache-2.0
export type { Culprit, Explanation, Link, Stage, Subject } from "./explanation.ts";
export type { Answer, BuildFact, Facts, ObjectOrigin, Place, Query } from "./facts.ts";
export { queryKey } from "./facts.ts";
export { toBuildFact, toFailedBuild, type OriginTree } from "./build-fact.ts";
export { explain, openQueries } from "./explain.ts";
export { gatherFacts, type GatherLimits, type GatherPorts } from "./gather-facts.ts";
export { renderExplanation } from "./render.ts";
