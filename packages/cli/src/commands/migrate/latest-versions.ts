// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../command.ts";
import { kindNames } from "../kind-names.ts";

/** The newest version of each API, by `group/Kind`. */
export type LatestVersions = ReadonlyMap<string, string>;

/** Minor versions of Flux, the newest first. 2.6 had older APIs for images, and no artifact generators. */
const MINORS: readonly string[] = ["2.9", "2.8", "2.7", "2.6"];

/** @throws {CommandError} for a version of Flux that is not known; `""` is the newest */
export function latestVersionsOf(minor: string): LatestVersions {
  if (minor !== "" && !MINORS.includes(minor)) {
    throw new CommandError(`version ${minor} is not supported, supported versions are: ${MINORS.join(", ")}`);
  }
  const isOld = minor === "2.6";
  return new Map(
    kindNames.flatMap(({ apiVersion, kind }) => {
      const [group = "", version = ""] = apiVersion.split("/");
      if (isOld && kind === "ArtifactGenerator") return [];
      return [[`${group}/${kind}`, isOld && group === "image.toolkit.fluxcd.io" ? "v1beta2" : version] as const];
    }),
  );
}
