// SPDX-License-Identifier: Apache-2.0
import type { Artifact, GitRepository } from "@flux-ts/flux-api";
import type { Suite } from "@flux-ts/testbed";
import { caseSuite } from "@flux-ts/testbed/call-cases";
import { Holder } from "@flux-ts/testbed/call-expressions";
import { readFolder } from "@flux-ts/toolkit/artifact";
import { checkSparse } from "../src/source/git-repository/check-sparse.ts";
import { contentChanged, includesDiffer, isSameInclude, needsVerification } from "../src/source/git-repository/content-changed.ts";
import { knownFailures } from "./git-repository.known-failures.ts";

const held = (value: unknown): unknown => (value instanceof Holder ? value.current : value);

/** The corpus leaves out what is empty. */
const repositoryOf = (value: unknown): GitRepository =>
  ({ metadata: {}, spec: {}, ...(held(value) as object) }) as unknown as GitRepository;
const artifactsOf = (value: unknown): readonly Artifact[] => (held(value) ?? []) as readonly Artifact[];
const includeOf = (value: unknown): Parameters<typeof isSameInclude>[0] => ({ repository: { name: "" }, ...(value as object) });

/** Tests of parts that have counterparts here; the others call upstream's reconcilers one by one. */
const decisions: ReadonlySet<string> = new Set([
  "TestGitContentConfigChanged",
  "TestGitRepositoryIncludeEqual",
  "TestGitRepositoryReconciler_validateSparseCheckoutPaths",
  "Test_requiresVerification",
  "Test_artifactSet_Diff",
]);

/** What source-controller decides about a GitRepository. */
export const suite: Suite = caseSuite({
  name: "git-repository",
  files: ["source-controller/internal/controller/gitrepository_controller.jsonl", "source-controller/internal/controller/artifact.jsonl"],
  knownFailures,
  skip: (test) =>
    decisions.has(test) ? undefined : "it calls a part of upstream's reconciler that has no counterpart: scenarios say what comes out",
  calls: {
    "source-controller/internal/controller.gitContentConfigChanged": ([repository, included]) =>
      contentChanged(repositoryOf(repository), artifactsOf(included)),
    "source-controller/internal/controller.gitRepositoryIncludeEqual": ([a, b]) => isSameInclude(includeOf(a), includeOf(b)),
    "source-controller/internal/controller.requiresVerification": ([repository]) => {
      const { spec, status } = repositoryOf(repository);
      return needsVerification(spec.verify, status?.sourceVerificationMode);
    },
    "source-controller/internal/controller.artifactSet.Diff": ([before], on) => includesDiffer(artifactsOf(on), artifactsOf(before)),
    "source-controller/internal/controller.GitRepositoryReconciler.validateSparseCheckoutPaths": async ([repository, folder]) => {
      const tree = await readFolder(String(folder));
      const checkout = { commit: { id: "0".repeat(40) }, has: (path: string) => tree.files.has(path) || tree.folders.has(path) };
      checkSparse(repositoryOf(repository), checkout);
    },
  },
});
