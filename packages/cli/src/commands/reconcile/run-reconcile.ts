// SPDX-License-Identifier: Apache-2.0
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { progressOn } from "../../output/progress.ts";
import { kindOf } from "../kinds.ts";
import { reconcileNow } from "./reconcile-now.ts";

/** `flux reconcile <kind> NAME`. @see cmd/flux/reconcile.go */
export function reconcileKind(kindName: string): Run {
  return async ({ args: [name], flags, io }) => {
    const kind = kindOf(kindName);
    if (name === undefined) throw new CommandError(`${kind.kind} name is required`);
    using deadline = deadlineOf(flags, io);
    await using connection = await connect(flags, io);
    const isAsked = (flag: string): boolean => flags.has(flag) && flags.bool(flag);
    await reconcileNow(
      { client: connection.client, clock: io.clock, signal: deadline.signal, progress: progressOn(io) },
      { kind, name, namespace: connection.namespace },
      { withSource: isAsked("with-source"), force: isAsked("force"), reset: isAsked("reset") },
    );
  };
}
