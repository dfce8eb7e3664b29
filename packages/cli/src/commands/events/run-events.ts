// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { connect } from "../../connect.ts";
import { deadlineOf } from "../../deadline.ts";
import { progressOn } from "../../output/progress.ts";
import { renderTable } from "../../output/table.ts";
import type { EventQuery } from "./event-rows.ts";
import { eventHeader, eventRows } from "./event-rows.ts";
import { kindWithEvents, referredObjects } from "./referred-objects.ts";
import { watchEvents } from "./watch-events.ts";

/** `flux events`. @see cmd/flux/events.go */
export const runEvents: Run = async ({ flags, io }) => {
  const types = flags.strings("types");
  const unknown = types.find((type) => !["normal", "warning"].includes(type.toLowerCase()));
  if (unknown !== undefined) throw new CommandError(`type '${unknown}' not supported. Supported types are Normal, Warning`);
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client, namespace } = connection;
  const place = flags.bool("all-namespaces") ? undefined : namespace;
  const queries = await queriesFor(client, flags.string("for"), place, namespace, deadline.signal);
  const showsNamespace = queries.some((query) => query.namespace === undefined || query.namespace !== place);
  const options = { types, showsNamespace, now: io.clock.now() };
  if (flags.bool("watch")) return await watchEvents(client, queries, options, io, deadline.signal);
  const rows = await eventRows(client, queries, options, deadline.signal);
  if (rows.length > 0) return io.stdout(renderTable(eventHeader(showsNamespace), rows));
  progressOn(io).failure(place === undefined ? "No events found." : `No events found in ${place} namespace.`);
};

/** What is to be listed: first what was asked for, then what that is made from. */
export async function queriesFor(
  client: Client,
  selector: string,
  place: string | undefined,
  namespace: string,
  signal?: AbortSignal,
): Promise<readonly EventQuery[]> {
  const within = place === undefined ? {} : { namespace: place };
  if (selector === "") return [within];
  const [kindName, name] = splitSelector(selector);
  if (kindName === "") throw new CommandError("--for selector must be of format <kind>[/<name>]");
  const kind = kindWithEvents(kindName);
  const own = { ...within, fieldSelector: fieldSelector(kind.kind, name) };
  if (name === "") return [own];
  const referred = await referredObjects(client, kind, name, namespace, signal);
  return [own, ...referred.map((each) => ({ namespace: each.namespace, fieldSelector: fieldSelector(each.kind, each.name) }))];
}

/** Kind and name of `--for`; without a slash, or with nothing before it, the word is a kind. */
export function splitSelector(selector: string): readonly [kind: string, name: string] {
  const slash = selector.indexOf("/");
  const [kind, name] = slash < 0 ? [selector, ""] : [selector.slice(0, slash), selector.slice(slash + 1)];
  return kind === "" ? [name, ""] : [kind, name];
}

function fieldSelector(kind: string, name: string): string {
  return `involvedObject.kind=${kind}${name === "" ? "" : `,involvedObject.name=${name}`}`;
}
