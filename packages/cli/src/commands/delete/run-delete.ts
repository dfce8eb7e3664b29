// SPDX-License-Identifier: Apache-2.0
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { confirm } from "../../output/confirm.ts";
import { progressOn } from "../../output/progress.ts";
import { kindOf, referTo } from "../kinds.ts";

/** `flux delete <kind> NAME`. @see cmd/flux/delete.go */
export function deleteKind(kindName: string): Run {
  return async ({ args: [name], flags, io }) => {
    const kind = kindOf(kindName);
    if (name === undefined) throw new CommandError(`${kind.humanName} name is required`);
    using deadline = deadlineOf(flags, io);
    const { signal } = deadline;
    await using connection = await connect(flags, io);
    const { client, namespace } = connection;
    const ref = referTo(kind, namespace, name);
    await client.get(ref, { signal });
    if (!flags.bool("silent")) await confirm(io, `Are you sure you want to delete this ${kind.humanName}`);
    const progress = progressOn(io);
    progress.action(`deleting ${kind.humanName} ${name} in ${namespace} namespace`);
    await client.delete(ref, { signal });
    progress.success(`${kind.humanName} deleted`);
  };
}
