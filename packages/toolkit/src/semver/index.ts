// SPDX-License-Identifier: Apache-2.0
export { SemverError } from "./semver-error.ts";
export type { SemverErrorCode } from "./semver-error.ts";
export { compareVersions, parseTagVersion, parseVersion } from "./version.ts";
export type { Segment, Version } from "./version.ts";
export { parseConstraint, satisfies } from "./constraint.ts";
export type { Constraint } from "./constraint.ts";
export type { Comparison, Operator } from "./constraint-parser.ts";
export { selectVersions } from "./select-versions.ts";
export { fluxMinor, repositoryMinor } from "./flux-versions.ts";
