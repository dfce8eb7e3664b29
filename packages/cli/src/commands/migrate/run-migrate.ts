// SPDX-License-Identifier: Apache-2.0
import type { Run } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { progressOn } from "../../output/progress.ts";
import { latestVersionsOf } from "./latest-versions.ts";
import { migrateCluster } from "./migrate-cluster.ts";
import { migrateFiles } from "./migrate-files.ts";

/** `flux migrate`. @see cmd/flux/migrate.go */
export const runMigrate: Run = async ({ flags, io }) => {
  const path = flags.string("path");
  if (path !== "") {
    const latest = latestVersionsOf(flags.string("version"));
    const extensions = flags.strings("extensions");
    return migrateFiles({ path, extensions, latest, isConfirmed: flags.bool("yes"), isDry: flags.bool("dry-run") }, io);
  }
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  await migrateCluster(connection.client, progressOn(io), deadline.signal);
};
