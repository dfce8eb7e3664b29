// SPDX-License-Identifier: Apache-2.0
import type { GitRepository } from "@flux-ts/flux-api";
import type { Context } from "@flux-ts/kube-runtime";
import type { ArtifactStorage } from "@flux-ts/toolkit/artifact";
import type { GitClient } from "@flux-ts/toolkit/git";

export interface GitRepositoryOptions {
  readonly storage: ArtifactStorage;
  readonly git: GitClient;
  /** `--requeue-dependency` in milliseconds: how long to wait for an include. */
  readonly requeueDependencyMs: number;
  /** Of all files of one artifact, in bytes. Default 256 MiB. */
  readonly maxTreeBytes?: number;
}

export type GitRepositoryContext = Context<typeof GitRepository, GitRepositoryOptions>;
