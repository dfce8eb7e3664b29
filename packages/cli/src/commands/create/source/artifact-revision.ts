// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import type { FluxObject } from "../../kinds.ts";

/**
 * What is said of a source that is ready.
 * @param completed `GitRepository source reconciliation completed`
 * @param missing what an artifact that is not there is told with
 * @throws {CommandError} when there is none
 */
export function fetchedRevision(completed: string, missing: string): (object: FluxObject) => readonly string[] {
  return ({ status }) => {
    const revision = status?.artifact?.revision;
    if (revision === undefined) throw new CommandError(missing);
    return [completed, `fetched revision: ${revision}`];
  };
}
