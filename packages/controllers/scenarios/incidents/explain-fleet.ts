// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type { ObjectRef } from "@flux-ts/kube-core";
import { buildFlux, KustomizeError, MemoryFileSystem } from "@flux-ts/kustomize";
import { explain, gatherFacts, toBuildFact, toFailedBuild, type BuildFact, type Explanation, type Facts } from "@flux-ts/toolkit/explain";
import type { IncidentWorld } from "./incident-world.ts";

const ROOT = "/checkout";

/** Explains an object of the world, with the files of the newest commit at hand. */
export async function explainFleet(
  target: ObjectRef,
  incident: IncidentWorld,
): Promise<{ readonly explanation: Explanation; readonly facts: Facts }> {
  const { world } = incident;
  const facts = await gatherFacts(target, {
    client: world.client,
    clock: world.clock,
    signal: AbortSignal.timeout(20_000),
    build: (kustomization) => Promise.resolve(buildFiles(kustomization as Kustomization, incident.files)),
  });
  return { explanation: explain(facts), facts };
}

function buildFiles({ spec }: Kustomization, files: ReadonlyMap<string, string>): BuildFact {
  const fs = new MemoryFileSystem([...files].map(([path, text]) => [`${ROOT}/${path}`, text] as const));
  try {
    const { objects, origins } = buildFlux(fs, `${ROOT}/${(spec.path ?? "").replace(/^\.\//, "")}`, spec, { traceOrigins: true });
    return toBuildFact(objects, (object) => origins?.get(object), ROOT);
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    return toFailedBuild(error, ROOT);
  }
}
