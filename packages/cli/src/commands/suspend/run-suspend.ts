// SPDX-License-Identifier: Apache-2.0
import type { ListOptions } from "@flux-ts/kube-client";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { progressOn } from "../../output/progress.ts";
import { listKind } from "../get/list-kind.ts";
import { kindOf, referTo } from "../kinds.ts";

/** `flux suspend <kind> NAME…`: objects that are missing are told and do not fail the command. @see cmd/flux/suspend.go */
export function suspendKind(name: string): Run {
  return async ({ args, flags, io }) => {
    const kind = kindOf(name);
    if (args.length === 0 && !flags.bool("all")) throw new CommandError(`${kind.humanName} name is required`);
    using deadline = deadlineOf(flags, io);
    await using connection = await connect(flags, io);
    const { client, namespace } = connection;
    const { signal } = deadline;
    const progress = progressOn(io);

    const suspendAll = async (query: ListOptions): Promise<number> => {
      const objects = await listKind(kind, client, query);
      for (const object of objects) {
        const found = object.metadata.name ?? "";
        progress.action(`suspending ${kind.humanName} ${found} in ${namespace} namespace`);
        const patch = kind.isSuspended(object) ? {} : { spec: { suspend: true } };
        await client.patch(referTo(kind, namespace, found), patch, { type: "merge", signal });
        progress.success(`${kind.humanName} suspended`);
      }
      return objects.length;
    };

    if (args.length === 0) {
      if ((await suspendAll({ namespace, signal })) === 0) throw new CommandError("no objects found");
      return;
    }
    for (const wanted of new Set(args)) {
      try {
        const count = await suspendAll({ namespace, signal, fieldSelector: `metadata.name=${wanted}` });
        if (count === 0) progress.failure(`${kind.kind} ${wanted} not found in ${namespace} namespace`);
      } catch (error) {
        progress.failure(`failed suspending ${kind.kind} ${wanted} in ${namespace} namespace: ${(error as Error).message}`);
      }
    }
  };
}
