// SPDX-License-Identifier: Apache-2.0
import type { Client, ListOptions } from "@flux-ts/kube-client";
import type { Invocation } from "../../command.ts";
import { CommandError } from "../../command.ts";
import type { FluxKind, FluxObject } from "../kinds.ts";
import { printObjects } from "./print-objects.ts";
import { renderKind } from "./render-kind.ts";
import { viewOf } from "./view-of.ts";
import { statusFilter } from "./status-filter.ts";

/**
 * `flux get <kind> --watch`: prints every object, then each that changes, until the time of the command is up.
 * @throws {CommandError} when the time is up or the server ends the watch
 */
export async function watchKind(kind: FluxKind, invocation: Invocation, client: Client, query: ListOptions): Promise<void> {
  const { flags, io } = invocation;
  const ref = { apiVersion: kind.apiVersion, kind: kind.kind };
  const matches = statusFilter(flags.string("status-selector"), kind);
  let isFirst = true;
  const print = (object: FluxObject): void => {
    const shown = matches(object) ? [object] : [];
    if (shown.length > 0 && printObjects(shown, invocation, true)) return;
    const view = viewOf(invocation);
    io.stdout(renderKind(kind, shown, { ...view, prefixKind: false, withHeader: view.withHeader && isFirst }));
    isFirst = false;
  };
  try {
    const { items, resourceVersion } = await client.list<FluxObject>(ref, query);
    for (const object of items) print(object);
    for await (const event of await client.watch(ref, { ...query, resourceVersion })) {
      if (event.type === "ERROR")
        throw new CommandError(`the watch of ${kind.kind} objects ended: ${event.object.message ?? "unknown error"}`);
      if (event.type !== "BOOKMARK") print(event.object as FluxObject);
    }
  } catch (error) {
    if (query.signal?.aborted === true) throw new CommandError("timed out waiting for the condition", { cause: error });
    throw error;
  }
  throw new CommandError("watch closed before UntilWithoutRetry timeout");
}
