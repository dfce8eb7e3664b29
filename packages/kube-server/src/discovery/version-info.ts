// SPDX-License-Identifier: Apache-2.0

/** The Kubernetes whose API this is. */
export const DEFAULT_VERSION = "v1.36.4";

/** @see apimachinery version.Info */
export function versionInfo(gitVersion: string): object {
  const [, major = "1", minor = "36"] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "none",
    // What tells it from a cluster: `kubectl version -o yaml` shows it.
    compiler: "flux-ts embedded",
    platform: "linux/amd64",
  };
}
