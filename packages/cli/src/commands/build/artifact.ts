// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

/** What archives for registries leave out. @see fluxcd/pkg sourceignore ExcludeVCS, ExcludeExt */
export const excludedFromArtifacts = ".git/,.gitignore,.gitmodules,.gitattributes,*.jpg,*.jpeg,*.gif,*.png,*.wmv,*.flv,*.tar.gz,*.zip";

export const artifact: Command = {
  name: "artifact",
  short: "Pack a folder or a file of manifests",
  long: `Writes an archive (tgz) as sources and registries hold them. The same content always gives the same bytes.`,
  example: `  flux build artifact --path ./path/to/local/manifests --output ./path/to/artifact.tgz

  # what is generated elsewhere
  kustomize build ./apps/lab | flux build artifact --path - --output ./path/to/artifact.tgz`,
  flags: [
    { name: "path", short: "p", type: "string", usage: "the folder or file to pack; - is standard input" },
    { name: "output", short: "o", type: "string", default: "artifact.tgz", usage: "where to write the archive" },
    { name: "ignore-paths", type: "stringSlice", default: excludedFromArtifacts, usage: "paths to leave out, as patterns of .gitignore" },
    { name: "resolve-symlinks", type: "bool", usage: "pack what links lead to, in place of leaving links out" },
  ],
  load: async () => (await import("./run-artifact.ts")).runBuildArtifact,
};
