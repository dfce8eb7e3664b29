// SPDX-License-Identifier: Apache-2.0
import { GitRepository } from "@flux-ts/flux-api";
import { parseDuration } from "@flux-ts/kube-core";
import { defineController, either, generationChanged, reconcileRequested } from "@flux-ts/kube-runtime";
import { artifactChanged } from "../artifact-changed.ts";
import type { GitRepositoryOptions } from "./context.ts";
import { cleanup, reconcile } from "./reconcile.ts";

/** Conditions in the order in which they decide about Ready (G-CND-2, G-CND-3). */
const summarised = [
  "StorageOperationFailed",
  "FetchFailed",
  "IncludeUnavailable",
  "ArtifactOutdated",
  "ArtifactInStorage",
  "SourceVerified",
  "Stalled",
  "Reconciling",
];

/** What wakes a GitRepository: its spec, a request, its interval, and the artifacts that it includes. */
export const gitRepositories = defineController<typeof GitRepository, GitRepositoryOptions>({
  component: "source-controller",
  kind: GitRepository,
  finalizer: "finalizers.fluxcd.io",
  watches: [
    { kind: GitRepository, when: either(generationChanged, reconcileRequested) },
    {
      kind: GitRepository,
      when: artifactChanged,
      refs: ({ metadata, spec }) =>
        (spec.include ?? []).map(({ repository }) => ({ namespace: metadata.namespace ?? "", name: repository.name })),
    },
  ],
  reconcile,
  cleanup,
  intervalMs: ({ spec }) => parseDuration(spec.interval),
  defaultReason: "Failed",
  summary: {
    conditions: summarised,
    negative: ["StorageOperationFailed", "FetchFailed", "IncludeUnavailable", "ArtifactOutdated", "Stalled", "Reconciling"],
    bipolar: ["SourceVerified"],
  },
});
