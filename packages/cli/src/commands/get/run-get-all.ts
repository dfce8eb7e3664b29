// SPDX-License-Identifier: Apache-2.0
import { isKindMissing } from "@flux-ts/kube-client";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { progressOn } from "../../output/progress.ts";
import type { KindGroup } from "../kind-names.ts";
import type { FluxObject } from "../kinds.ts";
import { commandKinds } from "../kinds.ts";
import { getQuery, listKind } from "./list-kind.ts";
import { printObjects } from "./print-objects.ts";
import { renderKind } from "./render-kind.ts";
import { nothingFound } from "./run-get.ts";
import { viewOf } from "./view-of.ts";
import { statusFilter } from "./status-filter.ts";

/**
 * `flux get all`, `flux get sources all`, `flux get images all`: a table for each kind that has objects, an empty line after each.
 * What fails is told and does not end it; kinds that the cluster does not have are left out.
 *
 * @param groups absent: every kind
 */
export function getAll(groups: readonly KindGroup[] | undefined): Run {
  return async (invocation) => {
    const { flags, io, args } = invocation;
    if (flags.bool("watch")) throw new CommandError("expected a single resource type, but found all");
    using deadline = deadlineOf(flags, io);
    await using connection = await connect(flags, io);
    const query = getQuery(flags, connection.namespace, args[0], deadline.signal);
    const all: FluxObject[] = [];
    for (const kind of commandKinds) {
      // Upstream's list of all does not have artifact generators.
      if (kind.group === "artifact" || (groups !== undefined && !groups.some((group) => group === kind.group))) continue;
      try {
        const objects = await listKind(kind, connection.client, query);
        if (objects.length === 0 && args[0] !== undefined) throw nothingFound(kind, invocation, connection);
        const shown = objects.filter(statusFilter(flags.string("status-selector"), kind));
        if (shown.length === 0) continue;
        all.push(...shown);
        if (isTable(flags.string("output"))) io.stdout(`${renderKind(kind, shown, { ...viewOf(invocation), prefixKind: true })}\n`);
      } catch (error) {
        if (!isKindMissing(error)) progressOn(io).failure((error as Error).message);
      }
    }
    if (!isTable(flags.string("output"))) printObjects(all, invocation, false);
  };
}

function isTable(output: string): boolean {
  return output === "" || output === "wide";
}
