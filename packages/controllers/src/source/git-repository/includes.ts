// SPDX-License-Identifier: Apache-2.0
import type { Artifact } from "@flux-ts/flux-api";
import { GitRepository } from "@flux-ts/flux-api";
import { Failure } from "@flux-ts/kube-runtime";
import type { GitRepositoryContext } from "./context.ts";

/** One entry of `spec.include`, with the artifact that it means now. */
export interface Include {
  readonly name: string;
  /** As in the spec. */
  readonly fromPath: string;
  readonly toPath: string;
  readonly artifact: Artifact;
}

/** The artifacts to include. @throws {Failure} NotFound or NoArtifact: it waits */
export function findIncludes({ metadata, spec }: GitRepository, ctx: GitRepositoryContext): Include[] {
  const waits = { retry: { afterMs: ctx.options.requeueDependencyMs }, severity: "info" } as const;
  return (spec.include ?? []).map(({ repository: { name }, fromPath = "", toPath }) => {
    const included = ctx.cached<GitRepository>(GitRepository, metadata.namespace ?? "", name);
    if (included === undefined) {
      const message = `could not get resource for include '${name}': GitRepository.source.toolkit.fluxcd.io "${name}" not found`;
      throw new Failure("NotFound", message, waits);
    }
    const artifact = included.status?.artifact;
    if (artifact === undefined) throw new Failure("NoArtifact", `no artifact available for include '${name}'`, waits);
    return { name, fromPath, toPath: toPath || name, artifact };
  });
}
