// SPDX-License-Identifier: Apache-2.0
import type { Invocation, Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import type { Connection } from "../../connect.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import type { FluxKind } from "../kinds.ts";
import { kindOf } from "../kinds.ts";
import { getQuery, listKind } from "./list-kind.ts";
import { printObjects } from "./print-objects.ts";
import { statusFilter } from "./status-filter.ts";
import { renderKind } from "./render-kind.ts";
import { viewOf } from "./view-of.ts";
import { watchKind } from "./watch-kind.ts";

/** `flux get <kind> [NAME]`. @see spec §4.3 */
export function getKind(name: string): Run {
  return async (invocation) => {
    const { flags, io, args } = invocation;
    const kind = kindOf(name);
    using deadline = deadlineOf(flags, io);
    await using connection = await connect(flags, io);
    const query = getQuery(flags, connection.namespace, args[0], deadline.signal);
    if (flags.bool("watch")) return await watchKind(kind, invocation, connection.client, query);
    const objects = await listKind(kind, connection.client, query);
    if (objects.length === 0) throw nothingFound(kind, invocation, connection);
    const shown = objects.filter(statusFilter(flags.string("status-selector"), kind));
    if (printObjects(shown, invocation, args[0] !== undefined)) return;
    io.stdout(renderKind(kind, shown, { ...viewOf(invocation), prefixKind: false }));
  };
}

/** @see cmd/flux/get.go */
export function nothingFound(kind: FluxKind, { flags, args }: Invocation, { namespace }: Connection): CommandError {
  const where = flags.bool("all-namespaces") ? "any" : JSON.stringify(namespace);
  return new CommandError(
    args[0] === undefined
      ? `no ${kind.kind} objects found in ${where} namespace`
      : `${kind.kind} object '${args[0]}' not found in ${where} namespace`,
  );
}
