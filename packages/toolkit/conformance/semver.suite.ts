// SPDX-License-Identifier: Apache-2.0
import type { Suite } from "@flux-ts/testbed";
import type { Constraint } from "../src/semver/index.ts";
import { fluxMinor, parseConstraint, parseTagVersion, repositoryMinor, selectVersions } from "../src/semver/index.ts";
import { knownFailures } from "./semver.known-failures.ts";
import { caseSuite } from "@flux-ts/testbed/call-cases";

/** How Flux reads and sorts versions. */
export const suite: Suite = caseSuite({
  name: "semver",
  files: ["pkg/version/version.jsonl"],
  knownFailures,
  calls: {
    "github.com/Masterminds/semver/v3.NewConstraint": ([text]) => parseConstraint(String(text)),
    "pkg/version.ParseVersion": ([text]) => parseTagVersion(String(text)),
    "pkg/version.Sort": ([constraint, tags]) =>
      selectVersions(tags as readonly string[], constraint as Constraint).map(({ original }) => original),
    "pkg/version.FluxMinorForRepoMinor": ([repository, minor]) => fluxMinor(String(repository), Number(minor)),
    "pkg/version.RepoMinorForFluxMinor": ([repository, minor]) => repositoryMinor(String(repository), Number(minor)),
  },
});
