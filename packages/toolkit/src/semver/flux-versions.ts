// SPDX-License-Identifier: Apache-2.0
import { SemverError } from "./semver-error.ts";

/** A version of each repository that stands in one and the same minor version of the distribution: all others follow from it. */
const baseline: ReadonlyMap<string, { readonly major: number; readonly minor: number; readonly fluxMinor: number }> = new Map([
  ["flux2", { major: 2, minor: 7, fluxMinor: 7 }],
  ["source-controller", { major: 1, minor: 7, fluxMinor: 7 }],
  ["kustomize-controller", { major: 1, minor: 7, fluxMinor: 7 }],
  ["helm-controller", { major: 1, minor: 4, fluxMinor: 7 }],
  ["notification-controller", { major: 1, minor: 7, fluxMinor: 7 }],
  ["image-reflector-controller", { major: 1, minor: 0, fluxMinor: 7 }],
  ["image-automation-controller", { major: 1, minor: 0, fluxMinor: 7 }],
  ["source-watcher", { major: 2, minor: 0, fluxMinor: 7 }],
]);

/** The minor version of a repository in a minor version of Flux 2. @throws {SemverError} INVALID_VERSION for an unknown repository */
export function repositoryMinor(repository: string, fluxMinor: number): number {
  const known = baselineOf(repository);
  return fluxMinor - known.fluxMinor + known.minor;
}

/** The inverse of {@link repositoryMinor}. */
export function fluxMinor(repository: string, minor: number): number {
  const known = baselineOf(repository);
  return minor - known.minor + known.fluxMinor;
}

function baselineOf(repository: string): { readonly minor: number; readonly fluxMinor: number } {
  const known = baseline.get(repository);
  if (known === undefined) throw new SemverError("INVALID_VERSION", `unknown repository "${repository}": not in baseline mapping`);
  return known;
}
