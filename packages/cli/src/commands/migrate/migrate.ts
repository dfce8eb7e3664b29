// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

export const migrate: Command = {
  name: "migrate",
  short: "Bring objects of Flux to the newest version of their API",
  long: `To be run before an upgrade of Flux. Without --path the objects of the cluster are stored anew, in the version that is the newest
there; with it, the manifests below a path of the current folder are rewritten.`,
  example: `  flux migrate

  # the manifests of this checkout
  flux migrate -f . --dry-run

  # templates, too, and without being asked
  flux migrate -f . --extensions=.yml,.yaml,.tpl --yes`,
  arguments: "none",
  flags: [
    { name: "path", short: "f", type: "string", usage: "file or folder with manifests, below the current folder" },
    {
      name: "extensions",
      short: "e",
      type: "stringSlice",
      default: ".yaml,.yml",
      usage: "the files that count, by the ends of their names; with --path",
    },
    { name: "version", short: "v", type: "string", usage: "the minor version of Flux to migrate to, as 2.9; with --path" },
    { name: "yes", short: "y", type: "bool", usage: "do not ask; with --path" },
    { name: "dry-run", type: "bool", usage: "only print what would be rewritten; with --path" },
  ],
  load: async () => (await import("./run-migrate.ts")).runMigrate,
};
