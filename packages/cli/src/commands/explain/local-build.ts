// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Kustomization } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import { buildFlux, confineFileSystem, KustomizeError } from "@flux-ts/kustomize";
import { toBuildFact, toFailedBuild, type BuildFact } from "@flux-ts/toolkit/explain";
import { ignoredPaths } from "../../kustomization/ignored-paths.ts";
import { nodeFileSystem } from "../../node-file-system.ts";

/** Checkouts of sources on this machine. */
export interface Checkouts {
  readonly cwd: string;
  /** Of any source that has no other; undefined: there is none. */
  readonly path: string | undefined;
  /** By `Kind/namespace/name`. */
  readonly bySource: ReadonlyMap<string, string>;
}

/** Where what a Kustomization builds is written, of the checkout of its source; nothing is known without one. Reads nothing outside it. */
export function localBuild(object: KubeObject, { cwd, path, bySource }: Checkouts): BuildFact {
  // Asked for only of Kustomizations.
  const { spec, metadata } = object as Kustomization;
  const { kind, name, namespace } = spec.sourceRef;
  const checkout = bySource.get(`${kind}/${namespace || (metadata.namespace ?? "")}/${name}`) ?? path;
  if (checkout === undefined) return { objects: [] };
  const root = resolve(cwd, checkout);
  const folder = join(root, spec.path ?? "");
  if (!existsSync(folder)) return { objects: [] };
  try {
    const fs = confineFileSystem(nodeFileSystem(), root);
    const { objects, origins } = buildFlux(fs, folder, spec, { isIgnored: ignoredPaths(folder, []), traceOrigins: true });
    return toBuildFact(objects, (each) => origins?.get(each), root);
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    return toFailedBuild(error, root);
  }
}
